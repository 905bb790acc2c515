using System.ComponentModel;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class CallToolActivityTests
{
    private static readonly ActivityContext context = new("run-1", "CallTool", 7);
    private readonly MemoryContentStore store = new();

    [Fact]
    public async Task Run_Echo_ReturnsTheValue()
    {
        var reply = await CallAsync(new EchoTool(), """{"value":{"a":[1,2]}}""");
        Assert.Equal("""{"a":[1,2]}""", reply.Value!.Value.GetRawText());
        Assert.Null(reply.Ref);
    }

    [Fact]
    public async Task Run_Function_BindsItsArguments()
    {
        var add = AIFunctionFactory.Create(([Description("One.")] int a, int b = 10) => a + b, "add");
        Assert.Equal(15, (await CallAsync(add, """{"a":5}""")).Value!.Value.GetInt32());
    }

    [Theory]
    [InlineData(32_766, true)]
    [InlineData(32_767, false)]
    public async Task Run_LargeValue_IsStoredAboveThirtyTwoKilobytes(int length, bool inline)
    {
        // Two quotes make it 32,768 bytes of JSON.
        var reply = await CallAsync(new EchoTool(), $$"""{"value":"{{new string('x', length)}}"}""");
        Assert.Equal(inline, reply.Value is not null);
        Assert.Equal(inline, reply.Ref is null);
        if (inline) return;
        var stored = await store.GetAsync(reply.Ref!, CancellationToken.None);
        Assert.Equal($"\"{new string('x', length)}\"", Encoding.UTF8.GetString(stored.Span));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    [InlineData(0, false)]
    [InlineData(1_000_000, true)]
    public async Task Run_TheCallAsksForLessInline_IsStoredAboveThat(int bound, bool inline)
    {
        var reply = await Activity(new EchoTool()).RunAsync(context, Call("echo", """{"value":"1234"}""") with { InlineBytes = bound }, CancellationToken.None);
        Assert.Equal(inline, reply.Value is not null);
        Assert.Equal(inline ? null : 6, reply.Ref?.Length);
    }

    [Fact]
    public async Task Run_ToolSaysWhatItCosts_IsCountedInTheBudgets()
    {
        var host = new Budgets.BudgetHost(new AgentFunctions.Testing.ManualTime());
        using var ledger = host.Worker(new Core.Budgets.BudgetOptions());
        var run = context with { Budget = new BudgetLimit { Usd = 1 } };
        var tool = new PlainTool(new ToolReply { Cost = new Cost(3, 4, 0.25m) });

        var reply = await new CallToolActivity(new ToolRegistry([tool]), store, budgets: ledger).RunAsync(run, Call("plain", "{}"), CancellationToken.None);
        await ledger.ReturnAsync();

        Assert.Equal(0.25m, reply.Cost!.Usd);
        Assert.Equal(new BudgetAmount(0.25m, 7), host.Account(BudgetAccountId.OfRun("run-1")).Taken());
    }

    [Fact]
    public async Task Run_UnknownTool_NamesThoseThereAre()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => Activity(new EchoTool()).RunAsync(context, new ToolCall { Tool = "ecko" }, CancellationToken.None));
        Assert.Equal("There is no tool 'ecko'. There are: echo.", error.Message);
    }

    [Theory]
    [InlineData("[1]", "Array")]
    [InlineData("\"x\"", "String")]
    public async Task Run_ArgumentsThatAreNoObject_AreRefused(string arguments, string kind)
    {
        var error = await Assert.ThrowsAsync<ToolArgumentsException>(() => CallAsync(new EchoTool(), arguments));
        Assert.Contains($"are a JSON {kind}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":"many"}""")]
    [InlineData("null")]
    public async Task Run_ArgumentsThatDoNotBind_ArePermanent(string arguments)
    {
        var add = AIFunctionFactory.Create((int a) => a + 1, "add");
        var error = await Assert.ThrowsAsync<ToolArgumentsException>(() => CallAsync(add, arguments));
        Assert.Contains("'add' refused its arguments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ToolThatMayRunTwiceThrows_GoesThroughAsItIs()
    {
        var failing = AIFunctionFactory.Create(int () => throw new IOException("The disk is away."), "failing").With(ToolEffect.Idempotent);
        Assert.Equal("The disk is away.", (await Assert.ThrowsAsync<IOException>(() => CallAsync(failing, "{}"))).Message);
    }

    [Fact]
    public async Task Run_ToolWithoutValue_HasNone()
    {
        var silent = AIFunctionFactory.Create(() => (string?)null, "silent");
        Assert.Equal(new ToolReply(), await CallAsync(silent, "{}"));
    }

    [Fact]
    public async Task Run_Tool_SeesTheIdempotencyKey()
    {
        var key = AIFunctionFactory.Create((AIFunctionArguments arguments) => ((ActivityContext)arguments.Context![typeof(ActivityContext)]!).IdempotencyKey, "key");
        Assert.Equal("run-1:7", (await CallAsync(key, "{}")).Value!.Value.GetString());
    }

    [Fact]
    public async Task Run_CostedResult_CarriesItsCost()
    {
        var cost = new Cost(1, 2, 0.5m);
        Assert.Equal(cost, (await CallAsync(new PlainTool(new ToolReply { Cost = cost }), "{}")).Cost);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheToolAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var call = Activity(new DelayTool(TimeProvider.System)).RunAsync(context, Call("delay", """{"milliseconds":600000,"value":1}"""), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private Task<ToolReply> CallAsync(AIFunction tool, string arguments) => Activity(tool).RunAsync(context, Call(tool.Name, arguments), CancellationToken.None);

    private CallToolActivity Activity(AIFunction tool) => new(new ToolRegistry([tool]), store);

    private static ToolCall Call(string tool, string arguments) => new() { Tool = tool, Arguments = JsonDocument.Parse(arguments).RootElement };

    /// <summary>A tool that returns an object, not JSON.</summary>
    private sealed class PlainTool(object result) : AIFunction
    {
        public override string Name => "plain";

        public override JsonSerializerOptions JsonSerializerOptions => JsonSerializerOptions.Web;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new(result);
    }
}
