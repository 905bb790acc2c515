using System.Collections.Concurrent;
using System.Diagnostics;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Limits;

/// <summary>Eight workers with limiters of their own over one engine's entity, against a provider that enforces the same limits, over HTTP.</summary>
public sealed class SharedLimitsTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private const int PerMinute = 1_200_000;
    private const int PerCall = 100;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(12);
    private static readonly RateLimits Limits = new() { TokensPerMinute = PerMinute };

    [Fact]
    public async Task Ask_EightBusyWorkers_NothingIsRefusedAndTheEntityIsSeldomAsked()
    {
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 5, MillisecondsPerToken = 0, TokensPerMinute = PerMinute });
        await using var host = await new LocalHostFactory(AgentFunctionsCatalog.Create()).StartAsync(new LocalHostOptions { Urls = null, MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);

        // The provider's bucket holds a minute's worth. What is beyond a burst of ours is taken first, or that nothing is refused would not say much.
        using var plain = Connect(provider);
        await AskAsync(plain, (int)(PerMinute * (1 - (Limits.Burst / TimeSpan.FromMinutes(1)))), CancellationToken.None);
        var before = provider.Stats;
        var client = new CountedClient(host.Client);
        var limiters = Enumerable.Range(0, Workers).Select(i => new DeploymentLimiter("m@h", Limits, client, $"w{i}", new LimitOptions(), TimeProvider.System, NullLogger.Instance)).ToList();

        var clock = Stopwatch.StartNew();
        var (answered, inTime) = (0, 0);
        await Task.WhenAll(limiters.SelectMany(limiter => Enumerable.Range(0, 40).Select(async _ =>
        {
            using var model = new LimitedChatClient(Connect(provider), limiter);
            while (clock.Elapsed < Span)
            {
                await AskAsync(model, PerCall, CancellationToken.None);
                Interlocked.Increment(ref answered);
                if (clock.Elapsed < Span) Interlocked.Increment(ref inTime);
            }
        })));

        var after = provider.Stats;
        var perSecond = PerMinute / 60.0 / (PerCall + ((after.InputTokens - before.InputTokens) / (double)answered));
        var could = perSecond * ((Limits.Burst - Limits.UseWithin) + Span).TotalSeconds;
        output.WriteLine($"{answered} calls, {inTime} of them in {Span.TotalSeconds} s ({inTime / could:P1} of what the limits allow), {client.Leases} leases (1 for {answered / client.Leases} calls), {client.Reads} reads of the entity, {after.ThrottledByTokens - before.ThrottledByTokens} refused.");
        Assert.Equal(0, after.ThrottledByTokens);

        // On a busy machine fewer calls are made in the time; what is measured on an idle one is above.
        Assert.True(client.Leases * 20 < answered, $"{client.Leases} leases for {answered} calls.");
        var state = await host.Client.GetEntityStateAsync<RateLimiterState>(EntityReferences.RateLimiter("m@h"));
        Assert.InRange(state!.Granted, answered, perSecond * ((Limits.Burst - Limits.UseWithin) + clock.Elapsed + TimeSpan.FromSeconds(11)).TotalSeconds);
        limiters.ForEach(limiter => limiter.Dispose());
    }

    private static OpenAIChatClient Connect(SimulatedProvider provider) => new("m", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "any" });

    private static Task<ChatResponse> AskAsync(IChatClient model, int tokens, CancellationToken cancellationToken) =>
        model.GetResponseAsync("Why?", new ChatOptions { MaxOutputTokens = tokens }, cancellationToken);

    /// <summary>The engine's client, counted.</summary>
    private sealed class CountedClient : IEngineClient
    {
        private readonly Mock<IRunClient> client = new(MockBehavior.Strict);
        private long leases;
        private long reads;

        public CountedClient(IRunClient inner)
        {
            client.Setup(runs => runs.SignalEntityAsync(It.IsAny<EntityId>(), RateLimiterEntity.Lease, It.IsAny<LeaseRequest>(), It.IsAny<CancellationToken>()))
                .Returns((EntityId id, EntityOperation<LeaseRequest, PermitGrant> operation, LeaseRequest request, CancellationToken token) =>
                {
                    Interlocked.Increment(ref leases);
                    return inner.SignalEntityAsync(id, operation, request, token);
                });
            client.Setup(runs => runs.GetEntityStateAsync<RateLimiterState>(It.IsAny<EntityId>(), It.IsAny<CancellationToken>()))
                .Returns((EntityId id, CancellationToken token) =>
                {
                    Interlocked.Increment(ref reads);
                    return inner.GetEntityStateAsync<RateLimiterState>(id, token);
                });
        }

        public IRunClient? Current => client.Object;

        public long Leases => Interlocked.Read(ref leases);

        public long Reads => Interlocked.Read(ref reads);
    }
}
