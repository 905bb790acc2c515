using System.Globalization;
using System.Text.Json;
using AgentFunctions.Conformance.Patterns;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>An agent in worlds where everything goes wrong: what it comes to, what it remembers and what it has learned equal those of a world without faults.</summary>
public sealed class AgentLoopSimulationTests
{
    private const int Seeds = 150;

    private readonly Catalog catalog = AgentFunctionsCatalog.Create();

    [Fact]
    public void AgentLoop_FaultsBySeed_EqualsTheFaultFreeRun()
    {
        var input = DurableJson.ToElement(new AgentLoopInput { Task = new Content { Text = "Count." }, Tools = ["calculate", "echo"], Session = "s", Agent = "a", MaxDuration = TimeSpan.FromDays(7), ToolTimeout = TimeSpan.FromDays(1) }, catalog.Json);
        var expected = Live(0, input, WorldFaults.None, out _);
        Assert.Contains("\"Answered\" 4 ", expected, StringComparison.Ordinal);
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = Live(seed, input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world);
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"AgentLoop came to {came}, and without faults to {expected}.");
        }

        Assert.True(restarts > Seeds / 2 || Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is not null, $"Only {restarts} restarts: the worlds are too kind.");
    }

    private string Live(int seed, JsonElement input, WorldFaults faults, out SimulatedWorld world)
    {
        using var services = new ServiceCollection().AddSingleton<IContentStore>(new MemoryContentStore()).AddTools().AddModels(new ModelOptions()).AddChunkReader()
            .AddSingleton<IModelCatalog>(ScriptedModels.Whole(Talk)).BuildServiceProvider();
        world = new SimulatedWorld(seed, catalog, services, faults, [new SimulatedRun("run", "AgentLoop", input)]);
        var outcome = world.Live()["run"];
        if (outcome.Status != RuntimeStatus.Completed) throw new BrokenPromiseException(seed, $"AgentLoop ended {outcome.Status}: {outcome.Failure}");
        var output = outcome.Output!.Value;
        var session = world.EntityState<SessionState>(EntityReferences.Session("s"))!;
        var habits = world.EntityState<ToolHabits>(EntityReferences.ToolHabits("a"))!;
        return string.Create(CultureInfo.InvariantCulture, $"{output.GetProperty("reason").GetRawText()} {output.GetProperty("turns")} {output.GetProperty("answer")} {output.GetProperty("conversation")} {output.GetProperty("cost")} {session.Version} {session.Log.Single().Head} {JsonSerializer.Serialize(habits)}");
    }

    // Three turns of tools, several at once, with one that fails; then an answer.
    private static IEnumerable<ChatResponseUpdate> Talk(IReadOnlyList<ChatMessage> messages)
    {
        var turn = ScriptedModels.TurnOf(messages);
        if (turn == 4) return [ScriptedModels.Say(string.Join(' ', messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result))), ScriptedModels.End()];
        return
        [
            ScriptedModels.Call($"{turn}a", "calculate", $$"""{"expression":"{{turn}} * 10"}"""),
            ScriptedModels.Call($"{turn}b", "echo", $$"""{"value":"{{turn}}"}"""),
            ScriptedModels.Call($"{turn}c", turn == 2 ? "calculate" : "echo", """{"value":0}"""),
            ScriptedModels.End("tool_calls"),
        ];
    }
}
