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

/// <summary>Runs of patterns in worlds of seeds, with the real activities.</summary>
internal static class SimulatedPattern
{
    public static Catalog Catalog { get; } = AgentFunctionsCatalog.Create();

    /// <summary>Whether a test lives more than one seed.</summary>
    public static bool IsManySeeds => Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is null;

    /// <summary>Lives until the run has completed, and gives its result.</summary>
    /// <param name="seed">The world's seed.</param>
    /// <param name="orchestrator">The pattern.</param>
    /// <param name="input">Its input, which must be valid.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="add">Services of the test; they come after the host's own. Default: none.</param>
    /// <exception cref="BrokenPromiseException">It did not complete.</exception>
    public static (JsonElement Output, SimulatedWorld World) Live(int seed, string orchestrator, JsonElement input, WorldFaults faults, Action<IServiceCollection>? add = null)
    {
        var content = new MemoryContentStore();
        var time = new WorldTime();
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(time).AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddSearch().AddChunkReader();
        add?.Invoke(collection);
        using var services = collection.BuildServiceProvider();
        var registration = Catalog.Orchestrator(orchestrator);
        Assert.Empty(registration.Validate(input, Catalog.Json).ByPath);
        var preparing = registration.PrepareAsync(input, content, Catalog.Json, CancellationToken.None);
        Assert.True(preparing.IsCompletedSuccessfully);
        var world = new SimulatedWorld(seed, Catalog, services, faults, [new SimulatedRun("run", orchestrator, preparing.Result)]);
        time.Follow(world);
        var outcome = world.Live()["run"];
        return outcome.Status == RuntimeStatus.Completed ? (outcome.Output!.Value, world) : throw new BrokenPromiseException(seed, $"{orchestrator} ended {outcome.Status}: {outcome.Failure}");
    }

    /// <summary>Lives in many worlds with faults, and asserts that the run comes each time to what it comes to in one without.</summary>
    /// <param name="orchestrator">The pattern.</param>
    /// <param name="input">Its input.</param>
    /// <param name="seeds">How many worlds.</param>
    /// <param name="told">What must be equal.</param>
    /// <param name="leastRestarts">More restarts than this there must have been in all. Default: half as many as worlds.</param>
    /// <returns>What it comes to.</returns>
    public static string EqualsTheFaultFreeRun(string orchestrator, JsonElement input, int seeds, Func<JsonElement, string> told, int? leastRestarts = null) =>
        EqualsTheFaultFreeRun(orchestrator, seeds, leastRestarts, (seed, faults) =>
        {
            var (output, world) = Live(seed, orchestrator, input, faults);
            return (told(output), world);
        });

    /// <summary>The same, for a test that lives in a way of its own.</summary>
    public static string EqualsTheFaultFreeRun(string orchestrator, int seeds, int? leastRestarts, Func<int, WorldFaults, (string Came, SimulatedWorld World)> live)
    {
        var expected = live(0, WorldFaults.None).Came;
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(seeds))
        {
            var (came, world) = live(seed, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 });
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"{orchestrator} came to {came}, and without faults to {expected}.");
        }

        Assert.True(restarts > (leastRestarts ?? seeds / 2) || !IsManySeeds, $"Only {restarts} restarts: the worlds are too kind.");
        return expected;
    }
}
