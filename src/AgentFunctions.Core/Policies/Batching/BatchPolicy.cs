using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.Batching;

/// <summary>How much there is of something.</summary>
/// <param name="Texts">How many texts.</param>
/// <param name="Tokens">How many tokens.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BatchLoad(int Texts, double Tokens)
{
    /// <summary>Both together.</summary>
    /// <param name="other">The other.</param>
    public BatchLoad Plus(BatchLoad other) => new(Texts + other.Texts, Tokens + other.Tokens);

    /// <summary>This without the other.</summary>
    /// <param name="other">The other, a part of this.</param>
    public BatchLoad Minus(BatchLoad other) => new(Texts - other.Texts, Tokens - other.Tokens);
}

/// <summary>What waits for company, and what goes on around it.</summary>
/// <param name="Now">The time, by any clock that only goes forward.</param>
/// <param name="FirstDue">When the first of those that wait has to go, by the same clock; null where nothing waits.</param>
/// <param name="Waiting">All that wait, together.</param>
/// <param name="InFlight">How many requests have not come back.</param>
/// <param name="PerSecond">How many calls have come a second, lately.</param>
/// <param name="Size">How many texts make a batch full.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BatchSituation(TimeSpan Now, TimeSpan? FirstDue, BatchLoad Waiting, int InFlight, double PerSecond, int Size);

/// <summary>
/// When a batch goes: when it is full; when the first that waits may wait no longer; or at once where nothing is in flight and nobody is likely to join in time, so
/// that a lone call is never held up (as Nagle's algorithm does for small packets: RFC 896). Whatever is due first goes first, so the lanes' waits are also their
/// ageing: a background text that has waited long goes before an interactive one that has just come. Pure.
/// </summary>
public static class BatchPolicy
{
    /// <summary>When to send.</summary>
    /// <param name="rules">The waits and limits.</param>
    /// <param name="situation">What waits.</param>
    /// <returns>Null where there is nothing to send; the time to send at, at or before now to send at once.</returns>
    public static TimeSpan? SendAt(BatchRules rules, BatchSituation situation)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (situation.FirstDue is not { } due) return null;
        if (due <= situation.Now) return situation.Now;
        if (situation.Waiting.Texts >= SizeOf(rules, situation.Size) || situation.Waiting.Tokens >= rules.MostTokens) return situation.Now;
        var joining = situation.PerSecond * (due - situation.Now).TotalSeconds;
        return situation.InFlight == 0 && joining < 1 ? situation.Now : due;
    }

    /// <summary>Whether the next piece, in the order of when they are due, still fits the batch. The first always does: what is too much by itself is for the provider to say.</summary>
    /// <param name="rules">The limits.</param>
    /// <param name="size">How many texts make a batch full.</param>
    /// <param name="batch">What is in it.</param>
    /// <param name="next">The piece.</param>
    public static bool Fits(BatchRules rules, int size, BatchLoad batch, BatchLoad next)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var both = batch.Plus(next);
        return batch.Texts == 0 || (both.Texts <= SizeOf(rules, size) && both.Tokens <= rules.MostTokens);
    }

    /// <summary>Cuts a call's texts into pieces that each fit a request, in order. A text that is too long by itself is a piece of its own.</summary>
    /// <param name="rules">The limits.</param>
    /// <param name="tokens">The tokens of each text.</param>
    public static IReadOnlyList<BatchLoad> Pieces(BatchRules rules, IReadOnlyList<double> tokens)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(tokens);
        List<BatchLoad> pieces = [];
        var piece = default(BatchLoad);
        foreach (var count in tokens)
        {
            var text = new BatchLoad(1, count);
            if (!Fits(rules, rules.MostTexts, piece, text))
            {
                pieces.Add(piece);
                piece = default;
            }

            piece = piece.Plus(text);
        }

        if (piece.Texts > 0) pieces.Add(piece);
        return pieces;
    }

    private static int SizeOf(BatchRules rules, int size) => Math.Clamp(size, 1, rules.MostTexts);
}
