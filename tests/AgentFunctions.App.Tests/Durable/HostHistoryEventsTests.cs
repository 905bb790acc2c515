using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Durable;
using DurableTask.Core.History;

namespace AgentFunctions.App.Tests.Durable;

/// <summary>Histories as the extension's HTTP management API tells them: shapes after DurableClient.cs of the extension and its documentation's example.</summary>
public sealed class HostHistoryEventsTests
{
    private static readonly JsonSerializerOptions Json = AppServices.CreateCatalog().Json;

    [Fact]
    public void Map_ASequence_HasTimesLabelsCostsAndCauses()
    {
        var steps = Map(
            """
            [
              {"EventType":"ExecutionStarted","Correlation":null,"ScheduledStartTime":null,"Generation":0,"FunctionName":"Main","Timestamp":"2026-01-31T12:00:00.1234567Z","Input":"{}"},
              {"EventType":"TaskCompleted","Result":{"cost":{"inputTokens":1,"outputTokens":2,"usd":0.5,"estimated":false}},"Timestamp":"2026-01-31T12:00:02Z","ScheduledTime":"2026-01-31T12:00:01.1111111Z","FunctionName":"CallModel","Input":"[{\"instanceId\":\"run\",\"callId\":0,\"label\":\"first\",\"input\":1}]"},
              {"EventType":"TimerCreated","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02.5Z"},
              {"EventType":"TimerFired","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02.5Z"},
              {"EventType":"TaskScheduled","Name":"CallTool","ParentTraceContext":null,"Tags":null,"Timestamp":"2026-01-31T12:00:04.2Z","Input":"[{\"instanceId\":\"run\",\"callId\":1,\"input\":1}]"}
            ]
            """);

        Assert.Equal([StepKind.Activity, StepKind.Timer, StepKind.Activity], steps.Select(s => s.Kind));
        Assert.Equal(["CallModel", "timer", "CallTool"], steps.Select(s => s.Name));
        Assert.Equal([StepStatus.Completed, StepStatus.Completed, StepStatus.Running], steps.Select(s => s.Status));
        Assert.Equal([null, 1, 2], steps.Select(s => s.CausedBy));
        Assert.Equal(("first", new Cost(1, 2, 0.5m), new DateTimeOffset(2026, 1, 31, 12, 0, 1, TimeSpan.Zero).AddTicks(1111111)), (steps[0].Label, steps[0].Cost, steps[0].ScheduledAt));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 4, TimeSpan.Zero), steps[1].EndedAt);
    }

    [Fact]
    public void Map_AFailure_HasItsDetails()
    {
        var message = FailureText.ToThrow(new PermanentFailureException("no such tool"), "CallTool", Json).Message;
        var steps = Map(
            $$"""
            [{"EventType":"TaskFailed","Reason":"Function 'CallTool' failed","Details":null,
              "FailureDetails":{"ErrorType":"AgentFunctions.App.Durable.StepFailedException","ErrorMessage":{{JsonSerializer.Serialize(message)}},"StackTrace":"at","InnerFailure":null,"IsNonRetriable":false,"Properties":null},
              "Timestamp":"2026-01-31T12:00:02Z","ScheduledTime":"2026-01-31T13:00:01+01:00","FunctionName":"CallTool","Input":null}]
            """);

        var failed = Assert.Single(steps);
        Assert.Equal((StepStatus.Failed, "no such tool", true), (failed.Status, failed.Failure!.Message, failed.Failure.Permanent));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 1, TimeSpan.Zero), failed.ScheduledAt);
    }

    [Fact]
    public void Map_AFailureWithoutDetails_HasItsReason()
    {
        var failed = Assert.Single(Map("""[{"EventType":"TaskFailed","Reason":"out of memory","Timestamp":"2026-01-31T12:00:02Z","ScheduledTime":"2026-01-31T12:00:01Z","FunctionName":"CallTool"}]"""));

        Assert.Equal("out of memory", failed.Failure!.Message);
    }

    [Fact]
    public void Map_SubOrchestrations_OpenAndEnded_HaveTheirIdsAndLabels()
    {
        const string Input = """ "{\"$run\":{\"parent\":\"run\",\"id\":\"run:0000\",\"label\":\"slice\",\"priority\":\"workflow\",\"nextCall\":0},\"input\":1}" """;
        var steps = Map(
            $$"""
            [
              {"EventType":"SubOrchestrationInstanceCreated","Name":"Slice","InstanceId":"run:0001","Timestamp":"2026-01-31T12:00:01.5Z","Input":"1"},
              {"EventType":"SubOrchestrationInstanceCompleted","Result":1,"Timestamp":"2026-01-31T12:00:02Z","ScheduledTime":"2026-01-31T12:00:01Z","FunctionName":"Slice","Input":{{Input}}}
            ]
            """);

        Assert.Equal(["run:0000", "run:0001"], steps.Select(s => s.SubInstanceId));
        Assert.Equal(["slice", null], steps.Select(s => s.Label));
        Assert.Equal([StepStatus.Completed, StepStatus.Running], steps.Select(s => s.Status));
    }

    [Fact]
    public void Map_AFanOut_IsInTheOrderInWhichItWasAskedFor()
    {
        var steps = Map(
            """
            [
              {"EventType":"TaskScheduled","Name":"B","Timestamp":"2026-01-31T12:00:01.2Z"},
              {"EventType":"TaskCompleted","FunctionName":"C","ScheduledTime":"2026-01-31T12:00:01.3Z","Timestamp":"2026-01-31T12:00:02Z","Result":null},
              {"EventType":"TaskCompleted","FunctionName":"A","ScheduledTime":"2026-01-31T12:00:01.1Z","Timestamp":"2026-01-31T12:00:03Z","Result":null},
              {"EventType":"TaskCompleted","FunctionName":"D","ScheduledTime":"2026-01-31T12:00:03.1Z","Timestamp":"2026-01-31T12:00:04Z","Result":null}
            ]
            """);

        Assert.Equal(["A", "B", "C", "D"], steps.Select(s => s.Name));
        Assert.Equal([null, null, null, 1], steps.Select(s => s.CausedBy));
    }

    [Fact]
    public void Map_TheEndOfAnotherClock_StillComesAfterTheBeginning()
    {
        var step = Assert.Single(Map("""[{"EventType":"TaskCompleted","FunctionName":"A","ScheduledTime":"2026-01-31T12:00:03Z","Timestamp":"2026-01-31T12:00:02Z","Result":1}]"""));

        Assert.Equal(StepStatus.Completed, step.Status);
    }

    [Fact]
    public void Map_TwoTimersDueAtOnce_EndOneByOne()
    {
        var steps = Map(
            """
            [
              {"EventType":"TimerCreated","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02Z"},
              {"EventType":"TimerCreated","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02Z"},
              {"EventType":"TimerFired","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02Z"}
            ]
            """);

        Assert.Equal([StepStatus.Completed, StepStatus.Running], steps.Select(s => s.Status));
    }

    [Fact]
    public void Map_EventsAndEntities_AreSteps()
    {
        var steps = Map(
            """
            [
              {"EventType":"EventSent","InstanceId":"@counter@a","Name":"op","Input":"{}","Timestamp":"2026-01-31T12:00:01Z"},
              {"EventType":"EventRaised","Name":"7d5ffb0c-4a3c-4ba9-9c5c-5f5f3b0b8f64","Input":"{}","Timestamp":"2026-01-31T12:00:02Z"},
              {"EventType":"EventRaised","Name":"approved","Input":"true","ParentTraceContext":null,"Timestamp":"2026-01-31T12:00:03Z"},
              {"EventType":"ExecutionCompleted","OrchestrationStatus":"Completed","Result":1,"FailureDetails":null,"Timestamp":"2026-01-31T12:00:04Z"}
            ]
            """);

        Assert.Equal([(StepKind.EntityCall, "@counter@a"), (StepKind.ExternalEvent, "approved")], steps.Select(s => (s.Kind, s.Name)));
    }

    [Fact]
    public void Read_EventsOfLaterVersions_AreLeftOut() => Assert.Empty(HostHistoryEvents.Read(JsonElement.Parse("""[{"EventType":"SomethingNew","Timestamp":"2026-01-31T12:00:01Z"},{"EventType":"TimerFired","FireAt":"2026-01-31T12:00:04Z","Timestamp":"2026-01-31T12:00:02Z"}]""")));

    private static IReadOnlyList<HistoryStep> Map(string events) => new HistoryMapping(Json).Map(HostHistoryEvents.Read(JsonElement.Parse(events)));
}
