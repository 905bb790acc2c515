using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry;

/// <summary>
/// Finds a run's critical path. History says of every step which step's end caused it, so the path is read off and not estimated: from the
/// step whose end ended the run, back from cause to cause. Iterative, and linear in the number of steps.
/// </summary>
internal static class CriticalPathFinder
{
    public static CriticalPath Find(IReadOnlyList<HistoryStep> steps, DateTimeOffset start, DateTimeOffset end)
    {
        var chain = Chain(steps, end);
        var (run, wait, pause, between) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var cursor = start;
        foreach (var step in chain)
        {
            // Each instant is held between the one before it and the end, so that the parts add up even where clocks disagree.
            var scheduled = Within(step.ScheduledAt, cursor, end);
            var ended = Within(step.EndedAt ?? scheduled, scheduled, end);
            var started = Within(step.StartedAt ?? scheduled, scheduled, ended);
            switch (step.Kind)
            {
                case StepKind.ExternalEvent:
                    pause += ended - cursor;
                    break;
                case StepKind.Timer:
                    between += scheduled - cursor;
                    pause += ended - scheduled;
                    break;
                default:
                    between += scheduled - cursor;
                    wait += started - scheduled;
                    run += ended - started;
                    break;
            }

            cursor = ended;
        }

        return new CriticalPath { Steps = [.. chain.Select(s => s.Id)], Total = cursor - start, Run = run, Wait = wait, Pause = pause, Between = between };
    }

    private static List<HistoryStep> Chain(IReadOnlyList<HistoryStep> steps, DateTimeOffset end)
    {
        var byId = new Dictionary<int, HistoryStep>(steps.Count);
        HistoryStep? last = null;
        foreach (var step in steps)
        {
            byId[step.Id] = step;
            if (CanHaveEndedTheRun(step, end) && (last is null || (step.EndedAt, step.Id).CompareTo((last.EndedAt, last.Id)) > 0))
            {
                last = step;
            }
        }

        var chain = new List<HistoryStep>();
        while (last is not null)
        {
            chain.Add(last);

            // Taking a step out as it is visited ends the walk even on a history whose causes run in a circle.
            byId.Remove(last.Id);
            last = last.CausedBy is { } cause ? byId.GetValueOrDefault(cause) : null;
        }

        chain.Reverse();
        return chain;
    }

    /// <summary>A cancelled step's end is never delivered, and what ended after the run can't have ended it.</summary>
    private static bool CanHaveEndedTheRun(HistoryStep step, DateTimeOffset end) =>
        step.Status is StepStatus.Completed or StepStatus.Failed && step.EndedAt <= end;

    private static DateTimeOffset Within(DateTimeOffset instant, DateTimeOffset earliest, DateTimeOffset latest) =>
        instant < earliest ? earliest : instant > latest ? latest : instant;
}
