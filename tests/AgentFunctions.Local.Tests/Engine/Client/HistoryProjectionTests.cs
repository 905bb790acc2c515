using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Tests.Engine.Client;

public sealed class HistoryProjectionTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly HistoryProjection projection = new(TestCatalog.Build(_ => { }).Json);
    private readonly List<ProjectedUpdate> updates = [];
    private int second;

    [Fact]
    public void Add_CallsAndTheirOutcomes_GiveStepsWithTimesAndCauses()
    {
        Add(Started(), Call(0, "a"), Call(1, "b"));
        Add(new CallCompleted(1, "1"u8.ToArray(), Began.AddMilliseconds(500)), Call(2, "c"));
        Add(new CallFailed(0, new FailureDetails { Type = "T", Message = "m" }, Began));
        Add(new EventRaised("approve", default), new TimerCreated(3, Began.AddDays(1)), new EntityCalled(4, new EntityId("e", "k"), "op", default), new SubOrchestrationScheduled(5, "Sub", "sub-id", default, "label"));
        Add(new TimerFired(3), new ExecutionCompleted("1"u8.ToArray()));

        Assert.Equal(
            [
                "1 Activity a Failed cause - 0..2 T",
                "2 Activity b Completed cause - 0..1",
                "3 Activity c Cancelled cause 2 1..4",
                "4 ExternalEvent approve Completed cause - 3..3",
                "5 Timer timer Completed cause 4 3..4",
                "6 EntityCall @e@k.op Cancelled cause 4 3..4",
                "7 SubOrchestration Sub Cancelled cause 4 3..4",
            ],
            projection.Steps.Select(s => $"{s.Id} {s.Kind} {s.Name} {s.Status} cause {(s.CausedBy is { } cause ? $"{cause}" : "-")} {(s.ScheduledAt - Began).TotalSeconds}..{(s.EndedAt - Began)?.TotalSeconds}{(s.Failure is null ? "" : $" {s.Failure.Type}")}"));
        Assert.Equal(Began.AddMilliseconds(500), projection.Steps[1].StartedAt);
        Assert.Equal(("sub-id", "label"), (projection.Steps[6].SubInstanceId, projection.Steps[6].Label));
        Assert.Equal("ended", updates[^1].Kind);
    }

    [Fact]
    public void Add_EveryEvent_HasTheNextSequenceAndAtMostOneUpdate()
    {
        Add(Started(), Call(0, "a"), new CustomStatusSet("1"u8.ToArray()), new EntitySignalled(new EntityId("e", "k"), "op", default));
        Add(new ExecutionSuspended(null));
        Add(new ExecutionResumed(null));
        Add(new CallCompleted(0, "1"u8.ToArray(), Began), new CallCancelled(9), new ExecutionFailed(new FailureDetails { Type = "T", Message = "m" }));

        Assert.Equal(["1 started", "2 step", "3 status", "5 suspended", "6 resumed", "7 step", "9 ended"], updates.Select(u => $"{u.Sequence} {u.Kind}"));
    }

    [Fact]
    public void Add_AContinuedExecution_CountsOnFromTheLast()
    {
        Add(Started() with { FirstSequence = 41, FirstCallId = 7 }, Call(7, "a"));
        Add(new CallCompleted(7, "1"u8.ToArray(), Began), new ContinuedAsNew(default, []));

        Assert.Equal(["42 started", "43 step", "44 step"], updates.Select(u => $"{u.Sequence} {u.Kind}"));
        Assert.Null(projection.Steps[0].CausedBy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_AnEndFromOutside_CancelsWhatRuns(bool terminated)
    {
        Add(Started(), Call(0, "a"));
        Add(terminated ? new ExecutionTerminated("r") : new ExecutionAborted(new FailureDetails { Type = "T", Message = "m" }));

        Assert.Equal((StepStatus.Cancelled, Began.AddSeconds(1)), (projection.Steps[0].Status, projection.Steps[0].EndedAt));
    }

    [Fact]
    public void Add_AGivenUpCall_IsCancelledThenAndStaysSo()
    {
        Add(Started(), Call(0, "a"));
        Add(new EventRaised("e", default), new CallCancelled(0));
        Add(new ExecutionTerminated(null));

        Assert.Equal((StepStatus.Cancelled, Began.AddSeconds(1)), (projection.Steps[0].Status, projection.Steps[0].EndedAt));
    }

    [Theory]
    [InlineData("""{"cost":{"inputTokens":3,"outputTokens":4,"usd":0.5}}""", 3L)]
    [InlineData("""{"cost":"dear"}""", null)]
    [InlineData("""{"cost":{"price":1}}""", null)]
    [InlineData("""{"cost":{"inputTokens":"three","outputTokens":4,"usd":0.5}}""", null)]
    [InlineData("""{"cost":null}""", null)]
    [InlineData("""["cost"]""", null)]
    [InlineData("\"the \\\"cost\\\" is high\"", null)]
    [InlineData("17", null)]
    public void Add_AnOutput_HasItsCostWhereItIsOne(string output, long? tokens)
    {
        Add(Started(), Call(0, "a"));
        Add(new CallCompleted(0, System.Text.Encoding.UTF8.GetBytes(output), Began));

        Assert.Equal(tokens, projection.Steps[0].Cost?.InputTokens);
    }

    private static ExecutionStarted Started() => new() { InstanceId = "i", Name = "n", Input = default, CreatedAt = Began };

    private static ActivityScheduled Call(int id, string name) => new(id, name, default, null);

    private void Add(InputEvent input, params RequestEvent[] requests) =>
        updates.AddRange(projection.Add(new Turn(1, Began.AddSeconds(second++), input, requests)));
}
