namespace AgentFunctions.Core.Policies.Routing;

/// <summary>How models say in English that they don't know or won't. An answer that quotes one of them is taken for a refusal, too. Pure.</summary>
public static class RefusalPhrases
{
    /// <summary>The phrases, in lower case with plain apostrophes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "i don't know", "i do not know", "i'm not sure", "i am not sure", "i'm unsure", "i am unsure", "i can't help", "i cannot help", "i can't assist", "i cannot assist",
        "i can't answer", "i cannot answer", "i can't provide", "i cannot provide", "i'm unable to", "i am unable to", "i'm not able to", "i am not able to",
        "i'm sorry, but i", "i am sorry, but i", "as an ai", "not enough information", "insufficient information", "no information about", "cannot be determined from", "can't be determined from",
    ];

    /// <summary>The first phrase that a text has, or null.</summary>
    /// <param name="text">The text.</param>
    public static string? FindIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = text.Replace('’', '\'');
        return All.FirstOrDefault(phrase => Contains(plain, phrase));
    }

    /// <summary>Whole words only: "as an aide" is no "as an ai".</summary>
    private static bool Contains(string text, string phrase)
    {
        for (var at = text.IndexOf(phrase, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(phrase, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + phrase.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return true;
        }

        return false;
    }
}
