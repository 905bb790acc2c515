using System.Text.Json;
using AgentFunctions.Conformance.Patterns;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>
/// A tool that deduplicates by its key does each call's work once, however often the call is made: by retries, by deliveries that come twice, after crashes and restarts, and from replayed
/// orchestrations. So one call has one key in every pattern that calls tools, and no two calls have the same. (Sagas: <see cref="SagaSimulationTests"/>.)
/// </summary>
public sealed class IdempotencyKeySimulationTests
{
    private const int Seeds = 60;

    private static readonly string[] Tools = ["note", "look", "once"];

    [Fact]
    public void ToolFanOut_FaultsBySeed_EachCallHasOneKey() => OneKeyForEachCall("ToolFanOut", JsonSerializer.SerializeToElement(new
    {
        calls = Enumerable.Range(1, 12).Select(i => new { tool = Tools[i % 3], arguments = new { what = $"w{i}" } }),
        branchTimeout = "10:00:00",
        maxAttempts = 6,
        maxParallel = 4,
    }), 12);

    [Fact]
    public void TaskGraph_FaultsBySeed_EachNodeHasOneKey() => OneKeyForEachCall("TaskGraph", JsonSerializer.SerializeToElement(new
    {
        nodes = Enumerable.Range(1, 8).Select(i => new { key = $"n{i}", maxAttempts = 6, tool = new { name = Tools[i % 3], arguments = new { what = $"w{i}" } } }),
        edges = Enumerable.Range(2, 7).Select(i => new { from = $"n{i / 2}", to = $"n{i}" }),
    }), 8);

    [Fact]
    public void Pipeline_FaultsBySeed_EachItemHasOneKeyAtEachStage() => OneKeyForEachCall("Pipeline", JsonSerializer.SerializeToElement(new
    {
        items = Enumerable.Range(1, 6).Select(i => new { key = $"i{i}", value = i }),
        stages = Tools.Select(tool => new { key = tool, tool, arguments = new { what = $"{tool} of {{{{item}}}}" }, maxParallel = 2, timeout = "10:00:00", maxAttempts = 6 }),
    }), 18);

    [Fact]
    public void AgentLoop_FaultsBySeed_EachCallHasOneKey() => OneKeyForEachCall(
        "AgentLoop",
        DurableJson.ToElement(new AgentLoopInput { Task = new Content { Text = "Go." }, Tools = Tools, MaxDuration = TimeSpan.FromDays(7), ToolTimeout = TimeSpan.FromDays(1) }, SimulatedPattern.Catalog.Json),
        9,
        services => services.AddSingleton<IModelCatalog>(ScriptedModels.Whole(Talk)));

    private static void OneKeyForEachCall(string orchestrator, JsonElement input, int calls, Action<IServiceCollection>? add = null)
    {
        var (restarts, repeats, most) = (0, 0, 0);
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var tools = new KeyedTools(seed);
            var (_, world) = SimulatedPattern.Live(seed, orchestrator, input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, services =>
            {
                // What is lost by chance is no broken tool.
                services.Configure<ResilienceOptions>(options => options.Tools.Enabled = false);
                tools.AddTo(services);
                add?.Invoke(services);
            });
            tools.Check(seed);
            restarts += world.Restarts;
            repeats += tools.Repeats;
            most = Math.Max(most, tools.Keys.Count);
        }

        Assert.True((restarts > Seeds / 2 && repeats > Seeds && most >= calls) || !SimulatedPattern.IsManySeeds, $"{restarts} restarts, {repeats} calls that came again, {most} different calls: the worlds are too kind.");
    }

    // Three turns of a call of each tool, then an answer.
    private static IEnumerable<ChatResponseUpdate> Talk(IReadOnlyList<ChatMessage> messages)
    {
        var turn = ScriptedModels.TurnOf(messages);
        return turn == 4
            ? [ScriptedModels.Say("Done."), ScriptedModels.End()]
            : [.. Tools.Select(tool => ScriptedModels.Call($"{turn}{tool}", tool, $$"""{"what":"{{tool}} {{turn}}"}""")), ScriptedModels.End("tool_calls")];
    }
}
