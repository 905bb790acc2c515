using System.Globalization;
using System.Text.Json;
using AgentFunctions.Conformance.Patterns;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>An agent in worlds where everything goes wrong: what it comes to, what it remembers and what it has learned equal those of a world without faults.</summary>
public sealed class AgentLoopSimulationTests
{
    private const int Seeds = 150;

    [Fact]
    public void AgentLoop_FaultsBySeed_EqualsTheFaultFreeRun()
    {
        var input = DurableJson.ToElement(new AgentLoopInput { Task = new Content { Text = "Count." }, Tools = ["calculate", "echo"], Session = "s", Agent = "a", MaxDuration = TimeSpan.FromDays(7), ToolTimeout = TimeSpan.FromDays(1) }, SimulatedPattern.Catalog.Json);
        var came = SimulatedPattern.EqualsTheFaultFreeRun("AgentLoop", Seeds, leastRestarts: null, (seed, faults) => Live(seed, input, faults));
        Assert.Contains("\"Answered\" 4 ", came, StringComparison.Ordinal);
    }

    private static (string Came, SimulatedWorld World) Live(int seed, JsonElement input, WorldFaults faults)
    {
        var (output, world) = SimulatedPattern.Live(seed, "AgentLoop", input, faults, services => services.AddSingleton<IModelCatalog>(ScriptedModels.Whole(Talk)));
        var session = world.EntityState<SessionState>(EntityReferences.Session("s"))!;
        var habits = world.EntityState<ToolHabits>(EntityReferences.ToolHabits("a"))!;
        return (string.Create(CultureInfo.InvariantCulture, $"{output.GetProperty("reason").GetRawText()} {output.GetProperty("turns")} {output.GetProperty("answer")} {output.GetProperty("conversation")} {output.GetProperty("cost")} {session.Version} {session.Log.Single().Head} {JsonSerializer.Serialize(habits)}"), world);
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
