using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>A path while the race is on.</summary>
internal sealed class RaceRunner(RacePath path) : IDisposable
{
    private readonly CancellationTokenSource waiting = new();
    private readonly CancellationTokenSource running = new();

    public RacePath Path { get; } = path;

    /// <summary>Fires when the path need not wait for its time: it is called forward, or the race is over.</summary>
    public CancellationToken Waiting => waiting.Token;

    /// <summary>Fires when the race is over.</summary>
    public CancellationToken Running => running.Token;

    public BranchStatus? Status { get; private set; }

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public ModelReply? Reply { get; set; }

    public string? Answer { get; set; }

    public Cost? Cost { get; set; }

    public FailureDetails? Error { get; private set; }

    /// <summary>Whether it gave a valid answer.</summary>
    public bool IsSuccess => Status is BranchStatus.Succeeded or BranchStatus.Cached;

    /// <summary>Whether it asked only the cache, which had no answer.</summary>
    public bool IsMiss { get; private set; }

    public void Miss(DateTimeOffset now)
    {
        IsMiss = true;
        End(BranchStatus.Skipped, now);
    }

    public void Start(DateTimeOffset now) => StartedAt = now;

    public void End(BranchStatus status, DateTimeOffset now, FailureDetails? error = null)
    {
        Status = status;
        EndedAt = now;
        Error = error;
    }

    /// <summary>Ends the wait for its time.</summary>
    public void CallForward() => waiting.Cancel();

    /// <summary>Ends its wait or its call.</summary>
    public void GiveUp()
    {
        running.Cancel();
        waiting.Cancel();
    }

    public RacePathOutcome Outcome(DateTimeOffset raceStart) => new()
    {
        Key = Path.Key,
        Status = Status ?? throw new InvalidOperationException($"Path '{Path.Key}' has no outcome though the race is over. This is a defect in SpeculativeRace; report it."),
        Started = StartedAt - raceStart,
        Elapsed = StartedAt is { } start && EndedAt is { } end ? end - start : TimeSpan.Zero,
        Cost = Cost,
        Cache = Reply?.Cache,
        Error = Error,
    };

    public void Dispose()
    {
        waiting.Dispose();
        running.Dispose();
    }
}
