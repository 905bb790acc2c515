using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Telemetry;

/// <summary>Histories for tests, in milliseconds from the run's start.</summary>
internal static class Steps
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double milliseconds) => Start.AddMilliseconds(milliseconds);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static RunState Run(RuntimeStatus status, double lastUpdated) => new()
    {
        Name = "MapReduce",
        InstanceId = "run-1",
        RuntimeStatus = status,
        CreatedTime = Start,
        LastUpdatedTime = At(lastUpdated),
    };

    public static HistoryStep Step(int id, double scheduled, double? started, double? ended, int? causedBy = null, StepStatus status = StepStatus.Completed, StepKind kind = StepKind.Activity, Cost? cost = null) => new()
    {
        Id = id,
        Kind = kind,
        Name = kind == StepKind.Timer ? "Timer" : "CallModel",
        Status = ended is null ? StepStatus.Running : status,
        ScheduledAt = At(scheduled),
        StartedAt = started is { } s ? At(s) : null,
        EndedAt = ended is { } e ? At(e) : null,
        CausedBy = causedBy,
        Cost = cost,
    };
}
