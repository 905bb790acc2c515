using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Tools;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>What CallTool makes sure of, whatever the tool: valid arguments, an end in time, no second run of what must not run twice, a key.</summary>
public sealed class CallToolRulesTests
{
    private static readonly ActivityContext context = new("run-1", "CallTool", 7);
    private readonly ManualTime time = new();
    private int runs;

    [Fact]
    public async Task Run_ArgumentsThatDoNotFitTheSchema_NeverReachTheTool()
    {
        var book = AIFunctionFactory.Create(([Range(1, 9)] int nights, string city) => ++runs, "book");
        var error = await Assert.ThrowsAsync<ToolArgumentsException>(() => CallAsync(book, """{"nights":"two"}"""));
        Assert.Equal("book", error.Tool);
        Assert.Contains("nights: It is \"two\". It must be of type integer.", error.Message, StringComparison.Ordinal);
        Assert.Contains("city: It is missing.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, runs);
        Assert.True(FailureDetails.From(error) is { Type: "ToolArgumentsException", Permanent: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ToolTakesTooLong_IsStoppedAtItsTimeout(bool looksAtItsToken)
    {
        var slow = AIFunctionFactory.Create(async (CancellationToken stop) => { await Task.Delay(Timeout.Infinite, looksAtItsToken ? stop : CancellationToken.None); return 1; }, "slow").With(ToolEffect.ReadOnly, TimeSpan.FromSeconds(30));
        var call = CallAsync(slow, "{}");
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<ToolTimeoutException>(() => call);
        Assert.Equal("The tool 'slow' had not answered after 30 s, its timeout, and was stopped. Ask it for less, or raise Tools:Traits:slow:Timeout.", error.Message);
        Assert.False(FailureDetails.From(error).Permanent);
    }

    [Fact]
    public async Task Run_ToolEndsInTime_LeavesNoTimer()
    {
        await CallAsync(new EchoTool(), """{"value":1}""");
        Assert.Equal(0, time.Waiting);
    }

    [Fact]
    public async Task Run_UnsafeToolFails_MustNotBeTriedAgain()
    {
        var error = await Assert.ThrowsAsync<ToolFailedException>(() => CallAsync(Failing(), "{}"));
        Assert.Contains("failed (IOException): The line broke.", error.Message, StringComparison.Ordinal);
        Assert.True(FailureDetails.From(error).Permanent);
    }

    [Fact]
    public async Task Run_UnsafeToolTimesOut_MustNotBeTriedAgain()
    {
        var slow = AIFunctionFactory.Create(async (CancellationToken stop) => { await Task.Delay(Timeout.Infinite, stop); return 1; }, "slow").With(ToolEffect.Unsafe, TimeSpan.FromSeconds(1));
        var call = CallAsync(slow, "{}");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ToolTimeoutException>((await Assert.ThrowsAsync<ToolFailedException>(() => call)).InnerException);
    }

    [Fact]
    public async Task Run_UnsafeToolFailsWithAKeyOfItsOwn_MayBeTriedAgain() => await Assert.ThrowsAsync<IOException>(() => CallAsync(Failing(), "{}", "order-1"));

    [Theory]
    [InlineData(ToolEffect.ReadOnly)]
    [InlineData(ToolEffect.Idempotent)]
    public async Task Run_OtherToolFails_MayBeTriedAgain(ToolEffect effect) => await Assert.ThrowsAsync<IOException>(() => CallAsync(Failing().With(effect), "{}"));

    [Fact]
    public async Task Run_UnsafeToolIsRefusedForNow_MayBeTriedAgain()
    {
        var throttled = AIFunctionFactory.Create(int () => throw new ThrottledException("Later.", TimeSpan.FromSeconds(1)), "throttled");
        await Assert.ThrowsAsync<ThrottledException>(() => CallAsync(throttled, "{}"));
    }

    [Theory]
    [InlineData(null, null, "run-1:7")]
    [InlineData(null, "retry-1", "retry-1")]
    [InlineData("order-1", "retry-1", "order-1")]
    [InlineData("order-1", null, "order-1")]
    public async Task Run_Tool_GetsTheKey(string? given, string? retry, string expected)
    {
        var key = AIFunctionFactory.Create((AIFunctionArguments arguments) => arguments.IdempotencyKey(), "key");
        Assert.Equal(expected, (await CallAsync(key, "{}", given, retry)).Value!.Value.GetString());
    }

    [Fact]
    public async Task Run_UnsafeToolFailsWithARetryKeyAlone_MustNotBeTriedAgain() => await Assert.ThrowsAsync<ToolFailedException>(() => CallAsync(Failing(), "{}", retryKey: "retry-1"));

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task Run_KeyOutOfRange_IsRefused(int length) =>
        Assert.Contains($"has {length} characters", (await Assert.ThrowsAsync<PermanentFailureException>(() => CallAsync(new EchoTool(), """{"value":1}""", new string('k', length)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Describe_NoNames_DescribesAll()
    {
        var list = await DescribeAsync();
        Assert.Equal(["calculate", "echo", "failing"], list.Tools.Select(tool => tool.Name));
        Assert.Empty(list.Unknown);
    }

    [Fact]
    public async Task Describe_Names_DescribesTheseInOrderAndNamesTheUnknown()
    {
        var list = await DescribeAsync("failing", "nothing", "echo", "failing");
        Assert.Equal([("failing", ToolEffect.Unsafe), ("echo", ToolEffect.ReadOnly)], list.Tools.Select(tool => (tool.Name, tool.Effect)));
        Assert.Equal(["nothing"], list.Unknown);
    }

    private static Task<ToolList> DescribeAsync(params string[] names) =>
        new DescribeToolsActivity(new ToolRegistry([new EchoTool(), Failing(), new CalculateTool()])).RunAsync(context, new ToolQuery(names), CancellationToken.None);

    private static AIFunction Failing() => AIFunctionFactory.Create(int () => throw new IOException("The line broke."), "failing");

    private Task<ToolReply> CallAsync(AIFunction tool, string arguments, string? key = null, string? retryKey = null) =>
        new CallToolActivity(new ToolRegistry([tool]), new MemoryContentStore(), time).RunAsync(context, new ToolCall { Tool = tool.Name, Arguments = JsonDocument.Parse(arguments).RootElement, IdempotencyKey = key, RetryKey = retryKey }, CancellationToken.None);
}
