using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>What a worker has to do with one of a deployment's limiters. Times are ticks of its own monotonic clock. Not thread-safe.</summary>
/// <param name="shard">Which limiter, from 0.</param>
/// <param name="name">Its name.</param>
internal sealed class ShardLink(int shard, string name)
{
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(10);

    public int Shard { get; } = shard;

    public string Name { get; } = name;

    /// <summary>Whether a request is on its way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>When it is worth asking for more.</summary>
    public long AskAgainAt { get; set; }

    /// <summary>Up to when it has dealt out, as far as is known here: its last start, or, where it gave nothing, the one after.</summary>
    public long LineEnd { get; set; }

    /// <summary>When it may be tried again after it did not answer.</summary>
    public long FailedUntil { get; set; }

    /// <summary>When the last request was sent.</summary>
    public long SentAt { get; set; }

    /// <summary>When the last request that was answered was sent; null where none was: until then it has heard nothing for sure.</summary>
    public long? HeardAt { get; set; }

    /// <summary>The starts of permits that are to be given back, by the limiter's clock.</summary>
    public List<DateTimeOffset> Unused { get; } = [];

    public double Owed { get; set; }

    public TimeSpan? Refused { get; private set; }

    public bool HasToTell => Unused.Count > 0 || Math.Abs(Owed) >= 1;

    public long TellBy => Unused.Count > 0 ? 0 : SentAt + TellAfter.Ticks;

    /// <summary>All limiters of a deployment, in the order in which a worker turns to them: not all workers to the same one first.</summary>
    public static IReadOnlyList<ShardLink> InOrder(string deployment, int count, string worker)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(shard => Sharding.NameOf(deployment, shard))];
        return [.. Rendezvous.Order(worker, names).Select(shard => new ShardLink(shard, names[shard]))];
    }

    /// <summary>The longest of the quiets that are to be told.</summary>
    public void Refuse(TimeSpan? retryAfter) => Refused = Refused is { } longer && !(retryAfter > longer) ? longer : retryAfter;

    /// <summary>Takes out what is to be told.</summary>
    public (IReadOnlyList<PermitStart>? Back, double Owed, TimeSpan? Refused) Tell(long now)
    {
        IReadOnlyList<PermitStart>? back = Unused.Count == 0 ? null : [.. Unused.GroupBy(at => at).OrderBy(start => start.Key).Select(start => new PermitStart(start.Key, start.Count()))];
        var told = (back, Owed, Refused);
        Unused.Clear();
        (Owed, Refused, SentAt, IsBusy) = (0, null, now, true);
        return told;
    }
}
