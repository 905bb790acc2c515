namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>What a question means, as far as can be told without a model: words in one form each, in their order.</summary>
/// <param name="Exact">The question's words as they are, without case, space and punctuation: equal for the same question.</param>
/// <param name="Terms">The words that count; empty where the question is understood too little to be compared with another one.</param>
internal sealed record Meaning(string Exact, IReadOnlyList<Term> Terms)
{
    /// <summary>Whether it can be compared with another one.</summary>
    public bool IsUnderstood => Terms.Count > 0;

    /// <summary>Equal for questions of one intent: the classes of all words but the soft ones.</summary>
    public string Intent { get; } = IntentOf(Exact, Terms);

    /// <summary>The same for questions with the same kept words, in whatever order.</summary>
    public ulong Kept { get; } = KeptOf(Terms);

    private static string IntentOf(string exact, IReadOnlyList<Term> terms) =>
        terms.Count == 0 ? "=" + exact : string.Join(' ', terms.Where(term => term.Kind != TermKind.Soft).Select(term => term.Class));

    private static ulong KeptOf(IReadOnlyList<Term> terms)
    {
        ulong sum = 0;
        foreach (var term in terms)
        {
            if (term.Kind == TermKind.Kept) sum += term.Hash;
        }

        return sum;
    }
}
