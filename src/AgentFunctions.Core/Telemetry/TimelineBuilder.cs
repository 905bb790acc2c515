using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry;

/// <summary>Computes a run's <see cref="Timeline"/> from its history. Pure, and linear in the number of steps.</summary>
public static class TimelineBuilder
{
    /// <summary>The timeline of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its history, as <see cref="IRunClient.GetHistoryAsync"/> returns it.</param>
    /// <param name="now">The time up to which a run that has not ended is measured. Default: the last instant that its history knows of.</param>
    public static Timeline Build(RunState run, IReadOnlyList<HistoryStep> steps, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(steps);
        var start = run.CreatedTime;
        var end = Latest(start, run.RuntimeStatus.IsFinal() ? run.LastUpdatedTime : now ?? LastKnown(run, steps));
        var path = CriticalPathFinder.Find(steps, start, end);
        var onPath = path.Steps.ToHashSet();

        var branches = new List<TimelineBranch>(steps.Count);
        var (sequential, cost) = (TimeSpan.Zero, Cost.None);
        foreach (var step in steps)
        {
            var branch = Branch(step, start, end, onPath.Contains(step.Id));
            branches.Add(branch);
            sequential += IsWork(step) ? branch.Elapsed : TimeSpan.Zero;
            cost = step.Cost is { } known ? cost + known : cost;
        }

        var elapsed = end - start;
        return new Timeline
        {
            InstanceId = run.InstanceId,
            Name = run.Name,
            Status = run.RuntimeStatus,
            Start = start,
            End = run.RuntimeStatus.IsFinal() ? end : null,
            Elapsed = elapsed,
            Cost = cost,
            Sequential = sequential,
            Speedup = elapsed > TimeSpan.Zero ? sequential / elapsed : null,
            CriticalPath = path,
            Branches = branches,
        };
    }

    private static TimelineBranch Branch(HistoryStep step, DateTimeOffset start, DateTimeOffset end, bool onCriticalPath)
    {
        var began = step.StartedAt ?? step.ScheduledAt;
        return new TimelineBranch
        {
            Id = step.Id,
            Label = step.Label,
            Kind = step.Kind,
            Name = step.Name,
            Status = step.Status,
            ScheduledAt = step.ScheduledAt,
            StartedAt = step.StartedAt,
            EndedAt = step.EndedAt,
            Offset = Positive(step.ScheduledAt - start),
            Wait = step.StartedAt is { } started ? Positive(started - step.ScheduledAt) : null,
            Elapsed = Positive((step.EndedAt ?? Latest(began, end)) - began),
            Cost = step.Cost,
            Cache = step.Cache,
            OnCriticalPath = onCriticalPath,
            Failure = step.Failure,
            SubInstanceId = step.SubInstanceId,
        };
    }

    private static bool IsWork(HistoryStep step) =>
        step.Status is StepStatus.Completed or StepStatus.Failed && step.Kind is StepKind.Activity or StepKind.SubOrchestration or StepKind.EntityCall;

    private static DateTimeOffset LastKnown(RunState run, IReadOnlyList<HistoryStep> steps)
    {
        var last = run.LastUpdatedTime;
        foreach (var step in steps)
        {
            last = Latest(last, step.EndedAt ?? step.StartedAt ?? step.ScheduledAt);
        }

        return last;
    }

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static TimeSpan Positive(TimeSpan duration) => duration > TimeSpan.Zero ? duration : TimeSpan.Zero;
}
