namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>A word of a question on its way to a <see cref="Term"/>.</summary>
/// <param name="Text">As written, in small letters.</param>
/// <param name="Lemma">Its dictionary form.</param>
/// <param name="Form">How that is inflected.</param>
/// <param name="Starts">Whether a sentence, or a part of one after a comma, starts with it.</param>
/// <param name="Fixed">Whether it is taken as it is: a quotation, a code, a name that would be read as a common word.</param>
internal readonly record struct Word(string Text, string Lemma, WordForm Form, bool Starts, bool Fixed)
{
    public static Word Plain(string text, bool starts) => new(text, text, WordForm.Base, starts, Fixed: false);
}

/// <summary>How a word is inflected.</summary>
internal enum WordForm
{
    /// <summary>As the dictionary has it.</summary>
    Base,

    /// <summary>With -s: plural, or he, she or it does.</summary>
    Plural,

    /// <summary>With -ing.</summary>
    Gerund,

    /// <summary>With -ing after a form of "be": is doing.</summary>
    Progressive,

    /// <summary>The past.</summary>
    Past,

    /// <summary>The past after a form of "be": is done.</summary>
    Passive,
}
