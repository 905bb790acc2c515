namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>A word that counts for what a question means.</summary>
/// <param name="Class">What it means: equal for words that mean the same in the same form.</param>
/// <param name="Surface">The word as written.</param>
/// <param name="Kind">How much depends on it.</param>
internal readonly record struct Term(string Class, string Surface, TermKind Kind)
{
    /// <summary>The class's number, the same in every process.</summary>
    public ulong Hash { get; } = Fnv.Of(Class);
}

/// <summary>How much depends on a word.</summary>
internal enum TermKind
{
    /// <summary>A common word of known meaning.</summary>
    Content,

    /// <summary>A word that both questions must have, in the same place: negation, numbers, names, direction, modality, question words, and all words that aren't known.</summary>
    Kept,

    /// <summary>A word that changes nothing: one question may lack it.</summary>
    Soft,
}
