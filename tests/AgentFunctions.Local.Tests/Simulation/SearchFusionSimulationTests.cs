using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>SearchFusion in worlds where everything goes wrong: what it finds, and in which order, equals a world without faults.</summary>
public sealed class SearchFusionSimulationTests
{
    private const int Seeds = 200;
    private readonly Catalog catalog = AgentFunctionsCatalog.Create();

    [Fact]
    public void SearchFusion_FaultsBySeed_EqualsTheFaultFreeRun()
    {
        var texts = Enumerable.Range(1, 6).Select(i => new { id = $"d{i}", text = string.Join(' ', Enumerable.Range(1, 20).Select(word => $"word{word * i % 17} keeper{i % 3}")) }).ToList();
        var input = JsonSerializer.SerializeToElement(new
        {
            query = "word4 word8 keeper1. What of word15 and keeper2?",
            decompose = new { max = 3, timeout = "01:00:00" },
            rerank = new { candidates = 4, timeout = "01:00:00" },
            maxAttempts = 10,
            sources = new object[]
            {
                new { key = "words", kind = "Documents", timeout = "01:00:00", documents = new { items = texts } },
                new { key = "spelling", kind = "Documents", timeout = "01:00:00", weight = 0.5, documents = new { items = texts, ranking = "Embeddings", model = "hashed-ngrams" } },
                new { key = "tool", kind = "Tool", timeout = "01:00:00", tool = new { tool = "echo", arguments = new { value = new object[] { new { id = "d3" }, new { id = "d9", title = "{query}" } } }, result = new { } } },
                new { key = "missing", kind = "Configured", name = "nope", timeout = "01:00:00" },
            },
        });
        var expected = Found(Live(0, input, WorldFaults.None, out _));
        Assert.Contains("d9", expected, StringComparison.Ordinal);
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = Found(Live(seed, input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world));
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"SearchFusion came to {came}, and without faults to {expected}.");
        }

        Assert.True(restarts > Seeds / 2 || Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is not null, $"Only {restarts} restarts: the worlds are too kind.");
    }

    private JsonElement Live(int seed, JsonElement input, WorldFaults faults, out SimulatedWorld world)
    {
        var content = new MemoryContentStore();
        using var services = new ServiceCollection().AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddSearch().AddChunkReader().BuildServiceProvider();
        var registration = catalog.Orchestrator("SearchFusion");
        Assert.Empty(registration.Validate(input, catalog.Json).ByPath);
        var preparing = registration.PrepareAsync(input, content, catalog.Json, CancellationToken.None);
        Assert.True(preparing.IsCompletedSuccessfully);
        world = new SimulatedWorld(seed, catalog, services, faults, [new SimulatedRun("run", "SearchFusion", preparing.Result)]);
        var outcome = world.Live()["run"];
        return outcome.Status == RuntimeStatus.Completed ? outcome.Output!.Value : throw new BrokenPromiseException(seed, $"SearchFusion ended {outcome.Status}: {outcome.Failure}");
    }

    private static string Found(JsonElement output) =>
        $"{output.GetProperty("hits")} {output.GetProperty("queries")} {output.GetProperty("notices")} "
        + string.Join("; ", output.GetProperty("sources").EnumerateArray().Select(source => $"{source.GetProperty("key")} {source.GetProperty("status")} {source.GetProperty("answered")}"));
}
