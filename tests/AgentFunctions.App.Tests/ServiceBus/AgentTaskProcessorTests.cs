using System.Diagnostics;
using System.Text;
using AgentFunctions.Api;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class AgentTaskProcessorTests
{
    private const string Input = """{"calls":[{"tool":"echo","arguments":{"value":"hi"}}]}""";
    private static readonly AgentTaskMessage Valid = new() { MessageId = "m-1", Subject = "ToolFanOut", Body = Encoding.UTF8.GetBytes(Input), ContentType = "application/json" };
    private readonly FakeRuns runs = new();
    private readonly AgentTaskProcessor processor;

    public AgentTaskProcessorTests()
    {
        var environment = new ApiEnvironment(AgentFunctionsCatalog.Create(), new MemoryContentStore(), Options.Create(new ApiOptions { MaxBodyBytes = 4096 }), Mock.Of<IHostState>(), TimeProvider.System, NullLogger<ApiEnvironment>.Instance);
        processor = new AgentTaskProcessor(environment, TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance);
    }

    [Fact]
    public async Task Process_Valid_StartsARunWithAnIdFromTheMessages()
    {
        var complete = Assert.IsType<Disposition.Complete>(await ProcessAsync(Valid));
        var run = Assert.Single(runs.Started).Value;
        Assert.Equal(complete.InstanceId, run.InstanceId);
        Assert.Matches("^sb-[0-9a-f]{32}$", run.InstanceId);
        Assert.Equal(("ToolFanOut", RunPriority.Workflow), (run.Name, run.Priority));
        Assert.Equal("echo", run.Input!.Value.GetProperty("calls")[0].GetProperty("tool").GetString());
    }

    [Fact]
    public async Task Process_TheWorkerStops_GivesTheMessageBackAndStartsNothing()
    {
        var environment = new ApiEnvironment(AgentFunctionsCatalog.Create(), new MemoryContentStore(), Options.Create(new ApiOptions()), Mock.Of<IHostState>(host => host.Draining), TimeProvider.System, NullLogger<ApiEnvironment>.Instance);

        // As long as the Functions host has not stopped listening, the message comes to this very worker again: that must not use its deliveries up.
        var stopping = new AgentTaskProcessor(environment, TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance);
        var waited = TimeSpan.Zero;
        for (var delivery = 1; delivery <= 9; delivery++)
        {
            var given = Assert.IsType<Disposition.Abandon>(await stopping.ProcessAsync(Valid with { DeliveryCount = delivery }, runs.Client, CancellationToken.None));
            if (delivery == 1) Assert.Equal(TimeSpan.FromSeconds(1), given.Delay);
            waited += given.Delay;
        }

        Assert.True(waited > TimeSpan.FromMinutes(2), $"Nine deliveries are used up in {waited}.");
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Process_OneMessageIdOfTwoTenants_AreTwoRuns()
    {
        await ProcessAsync(With(Valid, "tenant", "acme"));
        await ProcessAsync(With(Valid, "tenant", "globex"));
        await ProcessAsync(With(Valid, "tenant", "acme"));
        var ids = runs.Started.Values.Select(run => run.InstanceId).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["acme", "globex"], ids.Select(Tenants.Of));
        Assert.All(ids, id => Assert.Matches("~sb-[0-9a-f]{32}$", id));
    }

    [Theory]
    [InlineData("Acme")]
    [InlineData("")]
    [InlineData("a~b")]
    [InlineData(7)]
    public async Task Process_TenantThatIsNone_IsDead(object tenant)
    {
        var dead = await DeadAsync(With(Valid, "tenant", tenant));
        Assert.Equal("invalid-request", dead.Reason);
        Assert.Contains("1 to 40 characters", dead.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_Redelivery_StartsNothingTwice()
    {
        var first = await ProcessAsync(Valid);
        var second = await ProcessAsync(Valid with { DeliveryCount = 2 });
        Assert.Equal(first, second);
        Assert.Single(runs.Started);
        Assert.Equal(2, runs.Calls);
    }

    [Fact]
    public async Task Process_SameMessageIdWithAnotherBody_IsAConflict()
    {
        await ProcessAsync(Valid);
        var dead = await DeadAsync(Valid with { Body = Encoding.UTF8.GetBytes("""{"calls":[{"tool":"delay"}]}""") });
        Assert.Equal("idempotency-conflict", dead.Reason);
        Assert.Contains("MessageId 'm-1'", dead.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_OtherMessageId_IsAnotherRun()
    {
        await ProcessAsync(Valid);
        await ProcessAsync(Valid with { MessageId = "m-2" });
        Assert.Equal(2, runs.Started.Count);
    }

    [Theory]
    [InlineData(null, "toolfanout")]
    [InlineData("", "ToolFanOut")]
    [InlineData("ToolFanOut", "toolfanout")]
    public async Task Process_OrchestratorInAProperty_IsFound(string? subject, string property)
    {
        await ProcessAsync(With(Valid with { Subject = subject }, "orchestrator", property));
        Assert.Equal("ToolFanOut", Assert.Single(runs.Started).Value.Name);
    }

    [Theory]
    [InlineData("interactive", RunPriority.Interactive)]
    [InlineData("Background", RunPriority.Background)]
    public async Task Process_Priority_IsTheLane(string priority, RunPriority lane)
    {
        await ProcessAsync(With(Valid, "priority", priority));
        Assert.Equal(lane, Assert.Single(runs.Started).Value.Priority);
    }

    [Theory]
    [InlineData("urgent")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData(2)]
    public async Task Process_UnknownPriority_IsDead(object priority)
    {
        var dead = await DeadAsync(With(Valid, "priority", priority));
        Assert.Equal("invalid-request", dead.Reason);
        Assert.Contains("Workflow, Interactive, Background", dead.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "invalid-request", "names no orchestrator")]
    [InlineData("ToolFanOut", "MapReduce", "invalid-request", "one of them")]
    [InlineData("Nope", null, "unknown-orchestrator", "There are: AgentLoop, Approval, BatchJob, ")]
    [InlineData("FanOutSlice", null, "unknown-orchestrator", "Only other orchestrators start 'FanOutSlice'")]
    public async Task Process_NoOrWrongOrchestrator_IsDead(string? subject, string? property, string reason, string says)
    {
        var message = Valid with { Subject = subject };
        var dead = await DeadAsync(property is null ? message : With(message, "orchestrator", property));
        Assert.Equal(reason, dead.Reason);
        Assert.Contains(says, dead.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "invalid-json", "The body is empty")]
    [InlineData("{", "invalid-json", "line 1")]
    [InlineData("""{"calls":[],"calls":[]}""", "invalid-json", "given twice")]
    [InlineData("[]", "invalid-input", "an object")]
    [InlineData("""{"calls":[{"tool":"echo"}],"nope":1}""", "invalid-input", "nope")]
    [InlineData("""{"calls":[]}""", "invalid-input", "calls")]
    public async Task Process_BadBody_IsDeadInTheWordsOfTheHttpContract(string body, string reason, string says)
    {
        var dead = await DeadAsync(Valid with { Body = Encoding.UTF8.GetBytes(body) });
        Assert.Equal(reason, dead.Reason);
        Assert.Contains(says, dead.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_SeveralErrors_SaysAll()
    {
        var dead = await DeadAsync(Valid with { Body = """{"calls":[{"tool":"echo","x":1},{"y":2}]}"""u8.ToArray() });
        Assert.Contains("calls[0].x", dead.Description, StringComparison.Ordinal);
        Assert.Contains("calls[1].tool", dead.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_BodyOfAnotherKind_IsDead() => Assert.Equal("invalid-json", (await DeadAsync(Valid with { Body = null })).Reason);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Process_NoMessageId_IsDead(string? messageId)
    {
        var dead = await DeadAsync(Valid with { MessageId = messageId });
        Assert.Equal("invalid-request", dead.Reason);
        Assert.Contains("MessageId", dead.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_TooLarge_IsDead() => Assert.Equal("too-large", (await DeadAsync(Valid with { Body = new byte[4097] })).Reason);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task Process_OtherContentType_IsDead(string contentType) => Assert.Equal("unsupported-media-type", (await DeadAsync(Valid with { ContentType = contentType })).Reason);

    [Theory]
    [InlineData(null)]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.task+json")]
    public async Task Process_JsonContentType_IsTaken(string? contentType) => Assert.IsType<Disposition.Complete>(await ProcessAsync(Valid with { ContentType = contentType }));

    [Fact]
    public async Task Process_HugeError_FitsTheBroker()
    {
        var calls = string.Join(",", Enumerable.Range(0, 18).Select(i => $$"""{"tool":"echo","{{new string((char)('a' + i), 70)}}":1}"""));
        var body = Encoding.UTF8.GetBytes($$"""{"calls":[{{calls}}]}""");
        var dead = await DeadAsync(Valid with { Body = body });
        Assert.InRange(dead.Description.Length, 1, BrokerText.Most);
    }

    [Fact]
    public async Task Process_TransientFailure_IsGivenBackWithTheReason()
    {
        runs.Failure = new IOException("storage is down " + new string('x', 2000));
        var abandon = Assert.IsType<Disposition.Abandon>(await ProcessAsync(Valid with { DeliveryCount = 3 }));
        var failure = Assert.IsType<string>(Assert.Single(abandon.Properties, p => p.Key == "agentfunctions-failure").Value);
        Assert.StartsWith("IOException: storage is down", failure, StringComparison.Ordinal);
        Assert.InRange(failure.Length, 1, AgentTaskProcessor.MostFailureCharacters);
        Assert.Equal(TimeSpan.FromSeconds(4), abandon.Delay);
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Process_Stopping_IsGivenBack()
    {
        runs.Failure = new OperationCanceledException();
        Assert.IsType<Disposition.Abandon>(await ProcessAsync(Valid));
    }

    [Fact]
    public async Task Process_ThrottledThenWell_StartsOnce()
    {
        runs.Failure = new ThrottledException("busy", TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<Disposition.Abandon>(await ProcessAsync(Valid)).Delay);
        runs.Failure = null;
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Valid with { DeliveryCount = 2 }));
        Assert.Single(runs.Started);
    }

    [Theory]
    [InlineData("traceparent")]
    [InlineData("Diagnostic-Id")]
    public async Task Process_MessageWithATrace_StartsTheRunInIt(string property)
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await ProcessAsync(With(With(Valid, property, Parent), "tracestate", "vendor=1"));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", runs.Trace!.Value.TraceId.ToHexString());
        Assert.NotEqual("b7ad6b7169203331", runs.Trace.Value.SpanId.ToHexString());
        Assert.Equal((ActivityTraceFlags.Recorded, "vendor=1"), (runs.Trace.Value.TraceFlags, runs.Trace.Value.TraceState));
        Assert.Null(Activity.Current);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    public async Task Process_MalformedTrace_StartsTheRunWithoutIt(string parent)
    {
        Assert.IsType<Disposition.Complete>(await ProcessAsync(With(Valid, "traceparent", parent)));
        Assert.Null(runs.Trace);
    }

    private static AgentTaskMessage With(AgentTaskMessage message, string property, object value) =>
        message with { ApplicationProperties = new Dictionary<string, object>(message.ApplicationProperties, StringComparer.Ordinal) { [property] = value } };

    private Task<Disposition> ProcessAsync(AgentTaskMessage message) => processor.ProcessAsync(message, runs.Client, CancellationToken.None);

    private async Task<Disposition.DeadLetter> DeadAsync(AgentTaskMessage message)
    {
        var before = runs.Started.Count;
        var dead = Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(message));
        Assert.Equal(before, runs.Started.Count);
        Assert.InRange(dead.Reason.Length, 1, BrokerText.Most);
        return dead;
    }
}
