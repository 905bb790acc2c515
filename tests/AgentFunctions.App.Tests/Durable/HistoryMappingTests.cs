using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Durable;
using DurableTask.Core.History;

namespace AgentFunctions.App.Tests.Durable;

public sealed class HistoryMappingTests
{
    private static readonly JsonSerializerOptions Json = AppServices.CreateCatalog().Json;
    private static readonly DateTime Start = new(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Map_AnActivity_HasItsTimesLabelAndCost()
    {
        var step = Assert.Single(Map(
            new ExecutionStartedEvent(-1, "1"),
            new TaskScheduledEvent(0, "CallModel", null, Envelope(0, "first")),
            new TaskCompletedEvent(-1, 0, """{"cost":{"inputTokens":1,"outputTokens":2,"usd":0.5,"estimated":false}}""")));

        Assert.Equal((StepKind.Activity, "CallModel", "first", StepStatus.Completed), (step.Kind, step.Name, step.Label, step.Status));
        Assert.Equal((Start.AddSeconds(1), Start.AddSeconds(2)), (step.ScheduledAt.UtcDateTime, step.EndedAt?.UtcDateTime));
        Assert.Equal(new Cost(1, 2, 0.5m), step.Cost);
    }

    [Fact]
    public void Map_AnActivityGivenUp_IsCancelledThoughItReportsLater()
    {
        var given = JsonSerializer.SerializeToElement(new CallCancellation("run", [0]), AppJsonContext.Default.CallCancellation);

        var step = Assert.Single(Map(
            new TaskScheduledEvent(0, "CallModel", null, Envelope(0, null)),
            new TaskScheduledEvent(1, "CancelCalls", null, Envelope(1, null, given)),
            new TaskFailedEvent(-1, 0, "cancelled", null)));

        Assert.Equal((StepStatus.Cancelled, Start.AddSeconds(1)), (step.Status, step.EndedAt?.UtcDateTime));
        Assert.Null(step.Failure);
    }

    [Fact]
    public void Map_WithoutStoredInputs_StillHasTheSteps()
    {
        var steps = Map(new TaskScheduledEvent(0, "CallModel", null, null), new TaskScheduledEvent(1, "CancelCalls", null, null));

        Assert.Equal("CallModel", Assert.Single(steps).Name);
    }

    [Fact]
    public void Updates_OfEventsAtOneTime_AreNumberedEvenAndUpwards()
    {
        HistoryEvent[] history = [new ExecutionStartedEvent(-1, "1"), new TimerCreatedEvent(0), new TimerFiredEvent(-1) { TimerId = 0 }, new ExecutionCompletedEvent(-1, "1", DurableTask.Core.OrchestrationStatus.Completed)];
        foreach (var item in history)
            item.Timestamp = Start;

        var updates = new HistoryMapping(Json).Updates(history);

        Assert.Equal(["started", "step", "step", "ended"], updates.Select(u => u.Kind));
        Assert.All(updates, u => Assert.Equal(0, u.Sequence % 2));
        Assert.Equal(updates.Select(u => u.Sequence).Distinct().Order(), updates.Select(u => u.Sequence));
    }

    private static IReadOnlyList<HistoryStep> Map(params HistoryEvent[] history)
    {
        for (var i = 0; i < history.Length; i++)
            history[i].Timestamp = Start.AddSeconds(i);
        return new HistoryMapping(Json).Map(history);
    }

    private static string Envelope(int call, string? label, JsonElement? input = null) =>
        $"[{JsonSerializer.Serialize(new ActivityEnvelope { InstanceId = "run", CallId = call, Label = label, Input = input ?? JsonElement.Parse("1") }, AppJsonContext.Default.ActivityEnvelope)}]";
}
