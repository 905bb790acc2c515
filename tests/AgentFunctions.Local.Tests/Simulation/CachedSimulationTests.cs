using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Patterns in worlds where everything goes wrong, with a cache that loses and forgets: their results equal those of a world without faults and without a cache.</summary>
public sealed class CachedSimulationTests
{
    private const int Seeds = 60;

    [Fact]
    public void MapReduce_ACacheThatFailsBySeed_EqualsTheFaultFreeRun() => Equals("MapReduce", JsonSerializer.SerializeToElement(new
    {
        task = "Summarise how the lighthouse was built and kept.",
        documents = Enumerable.Range(1, 3).Select(i => new { id = $"d{i}", text = $"The tower was begun in 1821. Eleven ships had been lost there in one winter. This is document {i}.\n\nThree keepers lived in the tower. Two were on watch by turns. The oil was carried up one hundred and forty steps." }),
        chunkTokens = 50,
        groupSize = 3,
    }), output => $"{output.GetProperty("result")} {output.GetProperty("complete")} {output.GetProperty("mapped")}");

    [Fact]
    public void ToolFanOut_ACacheThatFailsBySeed_EqualsTheFaultFreeRun() => Equals("ToolFanOut", JsonSerializer.SerializeToElement(new
    {
        calls = Enumerable.Range(1, 12).Select(i => new { key = $"call-{i}", tool = "look-up", arguments = new { number = i % 5 } }),
        branchTimeout = "01:00:00",
        maxParallel = 5,
    }), output => string.Join("; ", output.GetProperty("branches").EnumerateArray().Select(branch => $"{branch.GetProperty("key")} {branch.GetProperty("value")}")));

    /// <summary>Lives each seed twice with one cache: what the first leaves there, the second may find, or not.</summary>
    private static void Equals(string orchestrator, JsonElement input, Func<JsonElement, string> told)
    {
        var expected = told(SimulatedPattern.Live(0, orchestrator, input, WorldFaults.None, services => services.AddTool(LookUp())).Output);
        var (hits, lost) = (0, 0);
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var cache = new ForgetfulCache(new Random(seed));
            foreach (var life in new[] { seed, seed + 1_000_000 })
            {
                var (output, _) = SimulatedPattern.Live(life, orchestrator, input, WorldFaults.Draw(new Random(life)) with { MostFailures = 2 }, services => services.AddTool(LookUp()).AddSingleton<ICallCache>(cache));
                Assert.True(told(output) == expected, $"Seed {seed}: it came to {told(output)}, and without faults to {expected}.");
            }

            (hits, lost) = (hits + cache.Hits, lost + cache.Lost);
        }

        Assert.True((hits > Seeds && lost > Seeds) || !SimulatedPattern.IsManySeeds, $"{hits} hits and {lost} losses: the cache is too kind, or of no use.");
    }

    private static AIFunction LookUp() => AIFunctionFactory.Create((int number) => $"the answer to {number}", "look-up").With(ToolEffect.ReadOnly);

    /// <summary>A cache that by seed does not find what it has and does not keep what it is given, as one does whose store is down now and then.</summary>
    private sealed class ForgetfulCache(Random random) : ICallCache
    {
        private readonly Dictionary<string, byte[]> kept = new(StringComparer.Ordinal);

        public int Hits { get; private set; }

        public int Lost { get; private set; }

        public async Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
        {
            var key = $"{request.Kind} {request.Tenant} {request.Maker} {request.MakerVersion} {request.Input.GetRawText()}";
            if (request.Settings.Mode == CacheMode.Use && kept.TryGetValue(key, out var found) && !IsDown())
            {
                Hits++;
                return new(JsonSerializer.Deserialize(found, json)!, new CacheNote { Source = CacheSource.Store, Key = ContentRef.Of(found).Sha256 });
            }

            var fill = await make(cancellationToken);
            if (fill.Keep && !IsDown()) kept[key] = JsonSerializer.SerializeToUtf8Bytes(fill.Value, json);
            return new(fill.Value, Note: null);
        }

        public Task<IReadOnlyList<CacheResult<T>?>> FindManyAsync<T>(IReadOnlyList<CacheRequest> requests, JsonTypeInfo<T> json, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is embedded here.");

        public Task KeepManyAsync<T>(IReadOnlyList<(CacheRequest Request, CacheFill<T> Fill)> answers, JsonTypeInfo<T> json, CacheMoment began, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is embedded here.");

        public Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is embedded here.");

        private bool IsDown()
        {
            if (random.Next(3) > 0) return false;
            Lost++;
            return true;
        }
    }
}
