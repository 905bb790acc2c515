using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>The orchestrators that users run, in worlds where everything goes wrong: their results equal those of a world without faults.</summary>
public sealed class PatternSimulationTests
{
    private const int Seeds = 200;
    private static readonly string[] Paragraphs =
    [
        "The tower was begun in 1821. Eleven ships had been lost there in one winter. Stone was cut on the mainland.",
        "Three keepers lived in the tower. Two were on watch by turns. The oil was carried up one hundred and forty steps.",
        "The lamp burned rape oil until 1868. From 1931 it was electric. The last keepers left in 1984.",
    ];

    private readonly Catalog catalog = AgentFunctionsCatalog.Create();

    [Fact]
    public void ToolFanOut_FaultsBySeed_EqualsTheFaultFreeRun() =>
        EqualTheFaultFreeRun("ToolFanOut", JsonSerializer.SerializeToElement(new
        {
            calls = Enumerable.Range(1, 12).Select(i => new { key = $"call-{i}", tool = i % 2 == 0 ? "echo" : "calculate", arguments = i % 2 == 0 ? (object)new { value = i } : new { expression = $"{i} * {i}" } }),
            branchTimeout = "01:00:00",
            quorum = "all",
            critical = new[] { "call-3" },
            maxParallel = 5,
        }), WithoutTimes);

    [Fact]
    public void MapReduce_FaultsBySeed_EqualsTheFaultFreeRun() =>
        EqualTheFaultFreeRun("MapReduce", JsonSerializer.SerializeToElement(new
        {
            task = "Summarise how the lighthouse was built and kept.",
            documents = Enumerable.Range(1, 4).Select(i => new { id = $"d{i}", text = string.Join("\n\n", Paragraphs.Select(p => $"{p} This is document {i}.")) }),
            chunkTokens = 50,
            groupSize = 3,
        }), output => output.GetRawText());

    [Fact]
    public void SpeculativeRace_FaultsBySeed_HasOneWinnerAndAccountsForAll()
    {
        var input = JsonSerializer.SerializeToElement(new
        {
            prompt = "Which road is shorter? The coast road is forty-one kilometres long. The pass is twenty-eight kilometres long.",
            paths = new[] { new { key = "small", model = "fast", startAfter = "00:00:00" }, new { key = "full", model = "capable", startAfter = "00:00:00.020" } },
        });
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var output = Live(seed, "SpeculativeRace", input, WorldFaults.Draw(new Random(seed)) with { FailingActivity = 0 }, out _);
            var paths = output.GetProperty("paths").EnumerateArray().ToList();
            Assert.True(paths.Count == 2, $"Seed {seed}: {output}");
            Assert.True(paths.Count(p => p.GetProperty("status").GetString() == "Succeeded") == 1, $"Seed {seed}: {output}");
            Assert.True(output.GetProperty("answer").GetString()!.Contains("kilometres", StringComparison.Ordinal), $"Seed {seed}: {output}");
        }
    }

    private void EqualTheFaultFreeRun(string orchestrator, JsonElement input, Func<JsonElement, string> compare)
    {
        var expected = compare(Live(0, orchestrator, input, WorldFaults.None, out _));
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = compare(Live(seed, orchestrator, input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world));
            restarts += world.Restarts;
            if (came != expected)
            {
                throw new BrokenPromiseException(seed, $"{orchestrator} came to {came}, and without faults to {expected}.");
            }
        }

        Assert.True(restarts > Seeds / 2 || Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is not null, $"Only {restarts} restarts: the worlds are too kind.");
    }

    private JsonElement Live(int seed, string orchestrator, JsonElement input, WorldFaults faults, out SimulatedWorld world)
    {
        var content = new MemoryContentStore();
        using var services = new ServiceCollection().AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddChunkReader().BuildServiceProvider();
        var registration = catalog.Orchestrator(orchestrator);
        Assert.Empty(registration.Validate(input, catalog.Json).ByPath);
        var preparing = registration.PrepareAsync(input, content, catalog.Json, CancellationToken.None);
        Assert.True(preparing.IsCompletedSuccessfully);
        world = new SimulatedWorld(seed, catalog, services, faults, [new SimulatedRun("run", orchestrator, preparing.Result)]);
        var outcome = world.Live()["run"];
        return outcome.Status == RuntimeStatus.Completed ? outcome.Output!.Value : throw new BrokenPromiseException(seed, $"{orchestrator} ended {outcome.Status}: {outcome.Failure}");
    }

    private static string WithoutTimes(JsonElement output) =>
        string.Join("; ", output.GetProperty("branches").EnumerateArray().Select(b => $"{b.GetProperty("key")} {b.GetProperty("status")} {b.GetProperty("value")}"));
}
