using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>How far a run is.</summary>
/// <param name="Elapsed">Since it was accepted.</param>
/// <param name="Done">Steps that have ended.</param>
/// <param name="Total">Steps asked for so far; it grows as the run goes on.</param>
/// <param name="Running">Activities, sub-orchestrations and entity calls that have begun.</param>
/// <param name="Queued">Those that have not.</param>
/// <param name="Cost">What the steps that ended cost, as far as they said so.</param>
internal sealed record ProgressSnapshot(TimeSpan Elapsed, int Done, int Total, int Running, int Queued, Cost Cost)
{
    /// <summary>Counts a history.</summary>
    /// <param name="steps">The history.</param>
    /// <param name="elapsed">Since the run was accepted.</param>
    public static ProgressSnapshot Of(IReadOnlyList<HistoryStep> steps, TimeSpan elapsed)
    {
        var (done, running, queued, cost) = (0, 0, 0, Cost.None);
        foreach (var step in steps)
        {
            cost = step.Cost is { } known ? cost + known : cost;
            if (step.Status != StepStatus.Running)
            {
                done++;
            }
            else if (step.Kind is not (StepKind.Timer or StepKind.ExternalEvent))
            {
                running += step.StartedAt is null ? 0 : 1;
                queued += step.StartedAt is null ? 1 : 0;
            }
        }

        return new ProgressSnapshot(elapsed, done, steps.Count, running, queued, cost);
    }

    /// <summary>For people, on one line.</summary>
    public override string ToString() =>
        $"{Readable.Duration(Elapsed)}: {Done:N0} of {Total:N0} steps done, {Running:N0} running{(Queued > 0 ? $", {Queued:N0} queued" : "")}, {Readable.Cost(Cost)}";
}
