using System.Diagnostics;
using AgentFunctions.App.ServiceBus;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class MessageTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Start_SomeoneListens_IsAConsumerSpanUnderTheSender()
    {
        // A trace of its own: listeners are global, and other tests start activities too.
        Activity? stopped = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AgentFunctions",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId.ToHexString() == "11111111111111111111111111111111" ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            // Those that another listener asked for are told to this one too.
            ActivityStopped = activity => stopped = activity.TraceId.ToHexString() == "11111111111111111111111111111111" ? activity : stopped,
        };
        ActivitySource.AddActivityListener(listener);
        using (MessageTrace.Start(Message("00-11111111111111111111111111111111-b7ad6b7169203331-01")))
        {
            Assert.Equal("11111111111111111111111111111111", Activity.Current!.TraceId.ToHexString());
        }

        Assert.Equal((ActivityKind.Consumer, "b7ad6b7169203331", "m-1"), (stopped!.Kind, stopped.ParentSpanId.ToHexString(), stopped.GetTagItem("messaging.message.id")));
    }

    [Fact]
    public void Parent_BothProperties_TheStandardsOwnWins()
    {
        var message = new AgentTaskMessage { ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = Parent, ["Diagnostic-Id"] = "00-22222222222222222222222222222222-b7ad6b7169203331-00" } };
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", MessageTrace.Parent(message)!.Value.TraceId.ToHexString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("|old.hierarchical.1.")]
    public void Parent_None_IsNull(string value) => Assert.Null(MessageTrace.Parent(Message(value)));

    private static AgentTaskMessage Message(string parent) => new() { MessageId = "m-1", ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = parent } };
}
