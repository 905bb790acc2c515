using System.Runtime.InteropServices;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>A permit that a worker holds, by its own monotonic clock in ticks.</summary>
/// <param name="Start">From when on it may be used.</param>
/// <param name="End">Until when it may be used.</param>
/// <param name="Tokens">The tokens that were reserved with it.</param>
/// <param name="Shard">Which of the deployment's limiters gave it.</param>
/// <param name="Given">Its start by that limiter's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeldPermit(long Start, long End, double Tokens, int Shard, DateTimeOffset Given);

/// <summary>The permits that a worker holds, in the order of their starts. Not thread-safe.</summary>
internal sealed class HeldPermits
{
    private readonly LinkedList<HeldPermit> permits = new();

    /// <summary>How many.</summary>
    public int Count => permits.Count;

    /// <summary>When the first may be used; null where there is none.</summary>
    public long? Next => permits.First?.Value.Start;

    /// <summary>When the first may no longer be used; null where there is none.</summary>
    public long? FirstEnd => permits.First?.Value.End;

    /// <summary>How far ahead of now the last one starts.</summary>
    public TimeSpan Runway(long now) => permits.Last is { } last ? TimeSpan.FromTicks(Math.Max(0, last.Value.Start - now)) : TimeSpan.Zero;

    /// <summary>
    /// Takes a grant in. It was given at some time between question and answer: so a permit starts as if it had been given when the answer came, and ends as if it had
    /// been given when the question was asked.
    /// </summary>
    public void Add(PermitGrant grant, long asked, long answered, TimeSpan useWithin, double tokens, int shard)
    {
        foreach (var run in grant.Starts)
        {
            for (var i = 0; i < run.Count; i++) Add(new HeldPermit(answered + run.After.Ticks, asked + (run.After + useWithin).Ticks, tokens, shard, grant.At + run.After));
        }
    }

    /// <summary>Takes one in.</summary>
    public void Add(HeldPermit permit)
    {
        // Nearly always at the end, as a limiter deals out in order.
        var before = permits.Last;
        while (before is not null && before.Value.Start > permit.Start) before = before.Previous;
        if (before is null) permits.AddFirst(permit);
        else permits.AddAfter(before, permit);
    }

    /// <summary>Takes the first permit out that may be used now; null where there is none yet.</summary>
    public HeldPermit? Take(long now)
    {
        if (permits.First is not { } first || first.Value.Start > now) return null;
        permits.RemoveFirst();
        return first.Value;
    }

    /// <summary>Drops those whose time is over.</summary>
    public void Expire(long now)
    {
        while (permits.First is { } first && first.Value.End <= now) permits.RemoveFirst();
    }

    /// <summary>Takes out those that start last, as long as there are more than are to be kept and they do not start within a time.</summary>
    public IReadOnlyList<HeldPermit> TakeLast(int keep, long startsAfter)
    {
        List<HeldPermit> taken = [];
        while (permits.Count > keep && permits.Last is { } last && last.Value.Start > startsAfter)
        {
            permits.RemoveLast();
            taken.Add(last.Value);
        }

        return taken;
    }

    /// <summary>Drops all.</summary>
    /// <returns>Those that had not started yet: these can be given back.</returns>
    public IReadOnlyList<HeldPermit> Clear(long now)
    {
        var result = TakeLast(keep: 0, startsAfter: now);
        permits.Clear();
        return result;
    }
}
