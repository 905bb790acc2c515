using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>One run of a pattern in a world of a seed, with the real activities.</summary>
internal static class SimulatedPattern
{
    private static readonly Catalog Catalog = AgentFunctionsCatalog.Create();

    /// <summary>Lives until the run has completed, and gives its result.</summary>
    /// <exception cref="BrokenPromiseException">It did not complete.</exception>
    public static JsonElement Live(int seed, string orchestrator, JsonElement input, WorldFaults faults, out SimulatedWorld world, params AIFunction[] tools)
    {
        var content = new MemoryContentStore();
        var collection = new ServiceCollection().AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddChunkReader();
        foreach (var tool in tools) collection.AddTool(tool);
        using var services = collection.BuildServiceProvider();
        var registration = Catalog.Orchestrator(orchestrator);
        Assert.Empty(registration.Validate(input, Catalog.Json).ByPath);
        var preparing = registration.PrepareAsync(input, content, Catalog.Json, CancellationToken.None);
        Assert.True(preparing.IsCompletedSuccessfully);
        world = new SimulatedWorld(seed, Catalog, services, faults, [new SimulatedRun("run", orchestrator, preparing.Result)]);
        var outcome = world.Live()["run"];
        return outcome.Status == RuntimeStatus.Completed ? outcome.Output!.Value : throw new BrokenPromiseException(seed, $"{orchestrator} ended {outcome.Status}: {outcome.Failure}");
    }

    /// <summary>Whether a test lives more than one seed.</summary>
    public static bool IsManySeeds => Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is null;
}
