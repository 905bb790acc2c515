using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Resilience;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tests.Resilience;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Models.Resilience;

public sealed class CircuitChatClientTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ResilienceMetrics metrics = new();
    private readonly CircuitBreakers breakers;
    private readonly FlakyModel model = new();
    private readonly CircuitChatClient client;

    public CircuitChatClientTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        breakers = new CircuitBreakers(new ResilienceOptions(), new SharedCircuits(time), time, metrics, NullLoggerFactory.Instance, () => 0);
        client = new CircuitChatClient(model, breakers.OfDeployment("m@h")!);
    }

    private CircuitPhase State => breakers.OfDeployment("m@h")!.Status().State;

    public void Dispose()
    {
        client.Dispose();
        breakers.Dispose();
        metrics.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_KeepsFailing_IsNotCalledUntilAProbeIsAnswered(bool streams)
    {
        model.Fail(5, new ModelUnavailableException("away"));
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<ModelUnavailableException>(() => client.AskAsync(streams));
        await Assert.ThrowsAsync<CircuitOpenException>(() => client.AskAsync(streams));
        Assert.Equal(5, model.Calls);

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("yes", await client.AskAsync(streams));
        Assert.Equal(CircuitPhase.Closed, State);
    }

    [Theory]
    [InlineData(typeof(TimeoutException), CircuitPhase.Open)]
    [InlineData(typeof(PermanentFailureException), CircuitPhase.Closed)]
    [InlineData(typeof(ThrottledException), CircuitPhase.Closed)]
    [InlineData(typeof(OperationCanceledException), CircuitPhase.Closed)]
    public async Task Ask_FailsInOtherWays_CountsWhereItIsTheDeploymentsFault(Type kind, CircuitPhase state)
    {
        Exception failure = kind == typeof(TimeoutException) ? new TimeoutException() : kind == typeof(PermanentFailureException) ? new PermanentFailureException("wrong") : kind == typeof(ThrottledException) ? new ThrottledException("slow down", null) : new OperationCanceledException();
        model.Fail(20, failure);
        for (var i = 0; i < 20 && State == CircuitPhase.Closed; i++) await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(streams: false));
        Assert.Equal(state, State);
    }

    [Fact]
    public async Task Ask_AnswersBreakOff_CountAsFailures()
    {
        for (var i = 0; i < 5; i++)
        {
            model.BreaksOff = new ModelUnavailableException("cut");
            await Assert.ThrowsAsync<ModelUnavailableException>(() => client.AskAsync(streams: true));
        }

        Assert.Equal(CircuitPhase.Open, State);
    }

    [Fact]
    public async Task Ask_TheReaderGoesAway_TellsNothingAndHoldsNoProbe()
    {
        model.Fail(5, new ModelUnavailableException("away"));
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<ModelUnavailableException>(() => client.AskAsync(streams: true));
        time.Advance(TimeSpan.FromSeconds(5));
        await foreach (var first in client.GetStreamingResponseAsync("Why"))
        {
            Assert.Empty(first.Contents);
            break;
        }

        Assert.Equal(CircuitPhase.Open, State);
        Assert.Equal("yes", await client.AskAsync(streams: true));
        Assert.Equal(CircuitPhase.Closed, State);
    }

    [Fact]
    public async Task Embed_KeepsFailing_IsNotCalled()
    {
        using var vectors = new CircuitEmbeddingGenerator(model, breakers.OfDeployment("v@h")!);
        model.Fail(5, new ModelUnavailableException("away"));
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<ModelUnavailableException>(() => vectors.GenerateAsync(["a"]));
        await Assert.ThrowsAsync<CircuitOpenException>(() => vectors.GenerateAsync(["a"]));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(await vectors.GenerateAsync(["a"]));
    }

    [Fact]
    public void OfDeployment_SwitchedOff_IsNone()
    {
        using var none = new CircuitBreakers(new ResilienceOptions { Models = { Enabled = false } }, new SharedCircuits(time), time, metrics, NullLoggerFactory.Instance);
        Assert.Null(none.OfDeployment("m@h"));
        Assert.NotNull(none.OfTool("t"));
    }
}
