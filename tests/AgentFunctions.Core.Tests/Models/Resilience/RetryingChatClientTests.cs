using System.Diagnostics.Metrics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Resilience;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Resilience;

public sealed class RetryingChatClientTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ResilienceMetrics metrics = new();
    private readonly FlakyModel model = new();
    private readonly RetryOptions options = new();
    private double fraction = 0.5;

    public RetryingChatClientTests() => SynchronizationContext.SetSynchronizationContext(null);

    public void Dispose() => metrics.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_FailsTwice_IsAskedAgainAfterFullJitter(bool streams)
    {
        model.Fail(2, new ModelUnavailableException("away"));
        using var client = Client();

        var asking = client.AskAsync(streams);

        Assert.Equal(TimeSpan.FromMilliseconds(100), await time.NextTimerAsync());
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(200), await time.NextTimerAsync());
        time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("yes", await asking);
        Assert.Equal(3, model.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_FailsThreeTimes_FailsWithTheLastFailureAsItIs(bool streams)
    {
        fraction = 0;
        model.Fail(2, new ModelUnavailableException("away"));
        var last = new ModelUnavailableException("still away");
        model.Fail(1, last);
        using var client = Client();
        Assert.Same(last, await Assert.ThrowsAsync<ModelUnavailableException>(() => client.AskAsync(streams)));
        Assert.Equal(3, model.Calls);
    }

    [Fact]
    public async Task Ask_RetryAfterIsShort_WaitsForItAndTheJitterOnTop()
    {
        model.Fail(1, new ThrottledException("slow down", TimeSpan.FromSeconds(2)));
        using var client = Client();
        var asking = client.AskAsync(streams: false);
        Assert.Equal(TimeSpan.FromSeconds(2.1), await time.NextTimerAsync());
        time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal("yes", await asking);
    }

    [Fact]
    public async Task Ask_RetryAfterIsLong_IsLeftToTheRun()
    {
        model.Fail(1, new ThrottledException("slow down", TimeSpan.FromSeconds(2.001)));
        using var client = Client();
        Assert.Equal(TimeSpan.FromSeconds(2.001), (await Assert.ThrowsAsync<ThrottledException>(() => client.AskAsync(streams: false))).RetryAfter);
        Assert.Equal(1, model.Calls);
    }

    [Theory]
    [InlineData("permanent")]
    [InlineData("timeout")]
    [InlineData("open")]
    [InlineData("cancelled")]
    public async Task Ask_FailsInOtherWays_IsNotAskedAgain(string how)
    {
        model.Fail(1, how switch
        {
            "permanent" => new PermanentFailureException("wrong"),
            "timeout" => new TimeoutException(),
            "open" => new CircuitOpenException("m@h", "broken", TimeSpan.Zero),
            _ => new OperationCanceledException(),
        });
        using var client = Client();
        await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(streams: false));
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Ask_BreaksOffAfterContent_IsNotAskedAgain()
    {
        model.BreaksOff = new ModelUnavailableException("cut");
        using var client = Client();
        List<string> heard = [];
        await Assert.ThrowsAsync<ModelUnavailableException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Why")) heard.Add(update.Text);
        });
        Assert.Equal(["", "y"], heard);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Ask_CancelledWhileItWaits_EndsAtOnce()
    {
        model.Fail(1, new ModelUnavailableException("away"));
        using var client = Client();
        using var impatient = new CancellationTokenSource();
        var asking = client.AskAsync(streams: false, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Ask_NothingElseThanFailures_RetriesAreBoundedByTheCallsAndCounted()
    {
        fraction = 0;
        options.BudgetReserve = 4;
        options.BudgetPerSecond = 0;
        model.Fail(1000, new ModelUnavailableException("away"));
        Dictionary<string, long> counts = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == ResilienceMetricNames.Meter) self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "model", Value: "of-this-test" }) counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + value;
            }
        });
        listener.Start();
        using var client = Client("of-this-test");

        for (var i = 0; i < 100; i++) await Assert.ThrowsAsync<ModelUnavailableException>(() => client.AskAsync(streams: false));

        // A fifth of the calls and the reserve; the first deposit has no room.
        Assert.InRange(model.Calls - 100, 22, 24);
        Assert.Equal(model.Calls - 100, counts[ResilienceMetricNames.Retries]);
        Assert.InRange(counts[ResilienceMetricNames.Exhausted], 76, 100);
    }

    [Fact]
    public async Task Embed_FailsOnce_IsAskedAgain()
    {
        fraction = 0;
        model.Fail(1, new ModelUnavailableException("away"));
        using var vectors = new RetryingEmbeddingGenerator(model, Retries("m"));
        Assert.Equal(2, (await vectors.GenerateAsync(Enumerable.Range(0, 2).Select(i => $"{i}"))).Count);
        Assert.Equal(2, model.Calls);
    }

    private RetryingChatClient Client(string name = "m") => new(model, Retries(name));

    private ModelRetries Retries(string name) => new(name, options, time, metrics, () => fraction);
}
