using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>The permits that a worker holds, in the order of their starts, by its own monotonic clock. Not thread-safe.</summary>
internal sealed class HeldPermits
{
    private readonly PriorityQueue<(long Start, long End, double Tokens), long> permits = new();
    private long lastStart;

    /// <summary>How many.</summary>
    public int Count => permits.Count;

    /// <summary>When the first may be used; null where there is none.</summary>
    public long? Next => permits.TryPeek(out var first, out _) ? first.Start : null;

    /// <summary>How far ahead of now the last one starts.</summary>
    public TimeSpan Runway(long now) => permits.Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, lastStart - now));

    /// <summary>When the first may no longer be used. There must be one.</summary>
    public long FirstEnd => permits.Peek().End;

    /// <summary>
    /// Takes a grant in. It was given at some time between question and answer: so a permit starts as if it had been given when the answer came, and ends as if it had
    /// been given when the question was asked.
    /// </summary>
    public void Add(PermitGrant grant, long asked, long answered, TimeSpan useWithin, double tokens)
    {
        foreach (var run in grant.Starts)
        {
            lastStart = Math.Max(lastStart, answered + run.After.Ticks);
            for (var i = 0; i < run.Count; i++) permits.Enqueue((answered + run.After.Ticks, asked + (run.After + useWithin).Ticks, tokens), answered + run.After.Ticks);
        }
    }

    /// <summary>Takes the first permit that may be used now.</summary>
    /// <returns>The tokens that it is for; null where there is none yet.</returns>
    public double? Take(long now)
    {
        if (!permits.TryPeek(out var first, out _) || first.Start > now) return null;
        permits.Dequeue();
        return first.Tokens;
    }

    /// <summary>Takes out those whose time is over.</summary>
    /// <returns>How many, and their tokens together.</returns>
    public (int Count, double Tokens) Expire(long now)
    {
        var (count, tokens) = (0, 0.0);
        while (permits.TryPeek(out var first, out _) && first.End <= now)
        {
            permits.Dequeue();
            (count, tokens) = (count + 1, tokens + first.Tokens);
        }

        return (count, tokens);
    }

    /// <summary>Takes out all.</summary>
    public (int Count, double Tokens) Clear()
    {
        var result = (permits.Count, permits.UnorderedItems.Sum(item => item.Element.Tokens));
        permits.Clear();
        return result;
    }
}
