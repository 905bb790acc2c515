using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using AgentFunctions.Core.Tests.Resilience;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Http;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class CircuitToolTests : IDisposable
{
    private static readonly ActivityContext context = new("run-1", "CallTool", 7);
    private readonly ManualTime time = new();
    private readonly ResilienceMetrics metrics = new();
    private readonly ResilienceOptions options = new();
    private readonly Lazy<CircuitBreakers> breakers;
    private readonly ToolOptions tools = new();
    private Func<Exception?> failure = () => null;
    private int runs;

    public CircuitToolTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        breakers = new(() => new CircuitBreakers(options, new SharedCircuits(time), time, metrics, NullLoggerFactory.Instance, () => 0));
    }

    public void Dispose()
    {
        if (breakers.IsValueCreated) breakers.Value.Dispose();
        metrics.Dispose();
    }

    [Theory]
    [InlineData("unavailable", true)]
    [InlineData("timeout", true)]
    [InlineData("retryable", true)]
    [InlineData("throttled", false)]
    [InlineData("said", false)]
    [InlineData("arguments", false)]
    public async Task Run_KeepsFailing_OpensWhereItIsNotTheCallersFault(string how, bool opens)
    {
        failure = () => how switch
        {
            "unavailable" => new ToolUnavailableException("down"),
            "timeout" => new TimeoutException(),
            "retryable" => new IOException("broken pipe"),
            "throttled" => new ThrottledException("slow down", null),
            "said" => new ToolFailedException("t", "no such city"),
            _ => new ArgumentException("no such city"),
        };
        var activity = Activity();
        for (var i = 0; i < 5; i++) await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(activity));

        if (opens) await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(activity));
        else await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(activity));
        Assert.Equal(opens ? 5 : 6, runs);
    }

    [Fact]
    public async Task Run_Open_IsCalledAgainOnceAProbeIsAnswered()
    {
        failure = () => new IOException("broken pipe");
        var activity = Activity();
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<IOException>(() => CallAsync(activity));
        failure = () => null;
        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(activity));
        Assert.StartsWith("The tool 't' has been broken since 2026-01-01 00:00:00 UTC (last failure: IOException), and was not called. It is tried again at 00:00:05 UTC", refused.Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 3; i++) Assert.Equal("fine", (await CallAsync(activity)).Value!.Value.GetString());
    }

    [Fact]
    public async Task Run_UnsafeToolKeepsFailing_IsNeverRepeatedAndItsCircuitOpens()
    {
        failure = () => new IOException("broken pipe");
        var activity = Activity(ToolEffect.Unsafe);
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<ToolFailedException>(() => CallAsync(activity));

        // That nothing was done is certain here: the run may try again.
        var refused = await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(activity));
        Assert.False(FailureDetails.From(refused).Permanent);
        Assert.Equal(5, runs);
    }

    [Fact]
    public async Task Run_TooSlow_CountsAsAFailureAndGivenUpDoesNot()
    {
        tools.Traits["t"] = new ToolTraitOptions { Timeout = TimeSpan.FromSeconds(1) };
        var never = new TaskCompletionSource<string>();
        var activity = Activity(answer: () => never.Task);
        using var impatient = new CancellationTokenSource();
        var givenUp = Enumerable.Range(0, 9).Select(_ => CallAsync(activity, impatient.Token)).ToList();
        await impatient.CancelAsync();

        // The tool does not look at its token, so that they end with its time.
        time.Advance(TimeSpan.FromSeconds(1));
        foreach (var call in givenUp) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(CircuitPhase.Closed, Assert.Single(breakers.Value.All).Status().State);

        for (var i = 0; i < 5; i++)
        {
            var call = CallAsync(activity);
            time.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<ToolTimeoutException>(() => call);
        }

        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(activity));
    }

    [Fact]
    public async Task Run_SwitchedOffForTheTool_IsAlwaysCalled()
    {
        options.PerTool["t"] = new ToolCircuitOptions { Enabled = false };
        failure = () => new IOException("broken pipe");
        var activity = Activity();
        for (var i = 0; i < 30; i++) await Assert.ThrowsAsync<IOException>(() => CallAsync(activity));
        Assert.Empty(breakers.Value.All);
    }

    [Fact]
    public async Task Run_KeptAnswer_NeedsNoCircuit()
    {
        var cache = new FakeCallCache();
        var activity = Activity(cache: cache);
        await CallAsync(activity);
        failure = () => new IOException("broken pipe");
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<IOException>(() => activity.RunAsync(context, new ToolCall { Tool = "t", Cache = new() { Mode = Core.Caching.CacheMode.Off } }, CancellationToken.None));
        Assert.NotNull((await CallAsync(activity)).Cache);
    }

    [Theory]
    [InlineData("https://a.example/x?q=1", "a.example")]
    [InlineData("http://b.example:8080/", "b.example:8080")]
    [InlineData("https://c.example/", null)]
    [InlineData("no url", null)]
    public void ServiceOf_HttpGet_IsTheHostWhereItMayBeCalled(string url, string? service)
    {
        using var tool = new HttpGetTool(new HttpGetOptions { AllowedHosts = { "a.example", "b.example:8080" } }, time);
        Assert.Equal(service, tool.ServiceOf(JsonElement.Parse(JsonSerializer.Serialize(new { url }))));
    }

    [Fact]
    public void OfTool_TwoServices_HaveACircuitEach()
    {
        breakers.Value.OfTool("http-get", "a.example");
        breakers.Value.OfTool("http-get", "b.example");
        Assert.Equal(["http-get@a.example", "http-get@b.example"], breakers.Value.All.Select(circuit => circuit.Target.Name));
    }

    private Task<ToolReply> CallAsync(CallToolActivity activity, CancellationToken cancellationToken = default) => activity.RunAsync(context, new ToolCall { Tool = "t" }, cancellationToken);

    private CallToolActivity Activity(ToolEffect effect = ToolEffect.ReadOnly, Func<Task<string>>? answer = null, FakeCallCache? cache = null)
    {
        var tool = AIFunctionFactory.Create(
            () =>
            {
                runs++;
                return failure() is { } error ? Task.FromException<string>(error) : answer?.Invoke() ?? Task.FromResult("fine");
            },
            new AIFunctionFactoryOptions { Name = "t", AdditionalProperties = new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = effect } });
        return new CallToolActivity(new ToolRegistry([tool], Options.Create(tools)), new MemoryContentStore(), time, cache: cache, breakers: breakers.Value);
    }
}
