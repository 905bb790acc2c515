using System.Diagnostics.Metrics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Models.Deployments;

public sealed class DeploymentPoolsTests
{
    private static readonly ModelEndpoint[] Endpoints = [new(new Uri("https://a.example/v1"), "secret-a"), new(new Uri("https://b.example:8443/v1"), "secret-b")];
    private readonly ManualTime time = new();

    [Fact]
    public async Task Report_CallsOfTwoModels_ToldByDeploymentWithoutKeys()
    {
        using var pools = new DeploymentPools("w1", new BalancingOptions(), time);
        using var chat = pools.OverChats("m", [.. Endpoints.Select(endpoint => (endpoint, Answering(120)))]);
        pools.OverEmbeddings("e", Endpoints, _ => Mock.Of<IEmbeddingGenerator<string, Embedding<float>>>());
        for (var i = 0; i < 40; i++) await chat.GetResponseAsync([]);

        var report = pools.Report();

        Assert.Equal(("w1", "Adaptive", 2), (report.Worker, report.Strategy, report.Pools.Count));
        Assert.Equal(["e", "m"], report.Pools.Select(pool => pool.Model));
        Assert.Equal(["m@a.example", "m@b.example:8443"], report.Pools[1].Deployments.Select(one => one.Deployment));
        Assert.Equal(40, report.Pools[1].Deployments.Sum(one => one.Calls));
        Assert.All(report.Pools[1].Deployments, one => Assert.Equal((true, 1, 0, 120, 120), (one.Healthy, one.Weight, one.InFlight, one.AverageMs, one.P95Ms)));
        Assert.All(report.Pools[0].Deployments, one => Assert.Equal((true, 0L, null, null), (one.Healthy, one.Calls, one.AverageMs, one.EstimateMs)));
        Assert.DoesNotContain("secret", System.Text.Json.JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OneRefuses_SaysUntilWhenAndWhy()
    {
        using var pools = new DeploymentPools("w1", new BalancingOptions(), time);
        using var chat = pools.OverChats("m", [(Endpoints[0], Failing(new ThrottledException("Too many.", TimeSpan.FromSeconds(30)))), (Endpoints[1], Answering(5))]);
        for (var i = 0; i < 10; i++) await chat.GetResponseAsync([]);

        var one = pools.Report().Pools[0].Deployments[0];

        Assert.Equal((false, "Refusal", 0, 1L, 1L), (one.Healthy, one.LeftFor, one.Weight, one.Calls, one.Refusals));
        Assert.InRange(one.LeftUntil!.Value, time.GetUtcNow() + TimeSpan.FromSeconds(29), time.GetUtcNow() + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Meter_Calls_AreCountedByDeploymentAndOutcome()
    {
        List<(string Name, string? Deployment, string? Outcome)> counted = [];
        using var pools = new DeploymentPools("w1", new BalancingOptions(), time);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == PoolMetrics.MeterName) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        using var chat = pools.OverChats("metered", [(Endpoints[0], Failing(new ModelUnavailableException("Down."))), (Endpoints[1], Answering(5))]);
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await chat.GetResponseAsync([]);
            }
            catch (ModelUnavailableException)
            {
                // It is counted.
            }
        }

        listener.RecordObservableInstruments();

        Assert.Contains((PoolMetrics.Calls, "metered@a.example", "failed"), counted);
        Assert.Contains((PoolMetrics.Calls, "metered@b.example:8443", "answered"), counted);
        Assert.Contains((PoolMetrics.ResponseTime, "metered@b.example:8443", null), counted);
        Assert.Contains((PoolMetrics.InFlight, "metered@a.example", null), counted);
        Assert.Contains((PoolMetrics.Healthy, "metered@a.example", null), counted);

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary();
            lock (counted) counted.Add((instrument.Name, named.GetValueOrDefault(PoolMetrics.DeploymentTag) as string, named.GetValueOrDefault(PoolMetrics.OutcomeTag) as string));
        }
    }

    private IChatClient Answering(double milliseconds)
    {
        var client = new Mock<IChatClient>();
        client.Setup(c => c.GetResponseAsync(It.IsAny<IEnumerable<ChatMessage>>(), It.IsAny<ChatOptions?>(), It.IsAny<CancellationToken>()))
            .Callback(() => time.Advance(TimeSpan.FromMilliseconds(milliseconds))).ReturnsAsync(new ChatResponse());
        return client.Object;
    }

    private static IChatClient Failing(Exception error)
    {
        var client = new Mock<IChatClient>();
        client.Setup(c => c.GetResponseAsync(It.IsAny<IEnumerable<ChatMessage>>(), It.IsAny<ChatOptions?>(), It.IsAny<CancellationToken>())).ThrowsAsync(error);
        return client.Object;
    }
}
