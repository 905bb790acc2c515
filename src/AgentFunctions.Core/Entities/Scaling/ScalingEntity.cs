using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Entities.Scaling;

/// <summary>
/// Gathers what the workers of an app tell of their load, and decides how many there should be: so the number is one, whichever worker is asked. A report is one
/// operation of a worker in ten seconds; a worker that tells nothing more is forgotten.
/// </summary>
public sealed class ScalingEntity : Entity<ScalingEntityState>
{
    /// <summary>The registered name.</summary>
    public const string Name = "scaling";

    /// <summary>After how long without a report a worker is none any more: 45 s.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(45);

    /// <summary>How long after the first report nothing is decided, as the other workers have not told of themselves yet: 15 s. Otherwise an entity that is made anew beside twenty workers would first want one.</summary>
    public static readonly TimeSpan GatherFor = TimeSpan.FromSeconds(15);

    /// <summary>Makes the entity.</summary>
    public ScalingEntity() => On(Report, Take);

    /// <summary>Takes a worker's report, and decides. The answer is how many instances are wanted; 0 where that is not known yet.</summary>
    public static EntityOperation<WorkerReport, int> Report { get; } = new("report");

    /// <inheritdoc/>
    protected override ScalingEntityState InitialState { get; } = new();

    private static (ScalingEntityState State, int Wanted) Take(ScalingEntityState state, WorkerReport report, EntityContext context)
    {
        var last = state.Workers.TryGetValue(report.Worker, out var known) ? known.Number : state.Left.TryGetValue(report.Worker, out var left) ? left.Number : 0;
        if (report.Number <= last) return (state, state.Decision?.Wanted ?? 0);
        var now = context.UtcNow;
        if (state.At is { } told && !IsRecent(told, now))
        {
            // Nobody has told anything for long (or the clock was set back as far): what stood then is no ground to decide on, and all have to tell first.
            state = state with { Since = null, Decision = null, Policy = state.Policy with { LowSince = null, LowPeak = 0 } };
        }

        var workers = state.Workers.Where(worker => IsRecent(worker.Value.At, now)).ToDictionary(StringComparer.Ordinal);
        var leavers = state.Left.Where(worker => IsRecent(worker.Value.At, now)).ToDictionary(StringComparer.Ordinal);
        workers.Remove(report.Worker);
        leavers.Remove(report.Worker);
        if (report.Leaving) leavers[report.Worker] = new KnownLeaver(report.Number, now);
        else workers[report.Worker] = new KnownWorker(report.Number, now, report.Load, report.Limited);
        state = state with { Workers = workers, Left = leavers, Since = state.Since ?? now, At = now, Rules = report.Rules };
        if (workers.Count == 0 || (state.Decision is null && !report.Alone && now - state.Since < GatherFor)) return (state, state.Decision?.Wanted ?? 0);
        var sample = WorkerTotals.Of(workers.Values);
        var (policy, decision) = ScalingPolicy.Decide(report.Rules, state.Policy, sample, now);
        return (state with { Policy = policy, Sample = sample, Decision = decision }, decision.Wanted);
    }

    /// <summary>Whether a time is less than <see cref="StaleAfter"/> away; a clock that was set back leaves times that lie ahead.</summary>
    private static bool IsRecent(DateTimeOffset at, DateTimeOffset now) => (now - at).Duration() < StaleAfter;
}
