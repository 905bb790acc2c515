using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Task graphs and approvals in worlds where everything goes wrong.</summary>
public sealed class GraphSimulationTests
{
    private const int Seeds = 150;

    private readonly Catalog catalog = AgentFunctionsCatalog.Create();

    [Fact]
    public void TaskGraph_FaultsBySeed_EqualsTheFaultFreeRun()
    {
        var input = JsonElement.Parse("""
            {"nodes":[
              {"key":"a","tool":{"name":"calculate","arguments":{"expression":"6 * 7"}}},
              {"key":"b1","output":"list","tool":{"name":"echo","arguments":{"value":"{{a}}1"}}},
              {"key":"b2","output":"list","tool":{"name":"echo","arguments":{"value":"{{a}}2"}}},
              {"key":"b3","output":"list","tool":{"name":"echo","arguments":{"value":"{{a}}3"}}},
              {"key":"c","condition":{"path":"list.2","op":"eq","value":"423"}},
              {"key":"no","tool":{"name":"echo","arguments":{"value":0}}},
              {"key":"bad","tool":{"name":"no-such-tool"}},
              {"key":"afterBad","tool":{"name":"echo","arguments":{"value":0}}},
              {"key":"sub","maxAttempts":3,"subOrchestrator":{"name":"ToolFanOut","input":{"branchTimeout":"01:00:00","calls":[{"tool":"echo","arguments":{"value":{"$value":"list"}}},{"tool":"calculate","arguments":{"expression":"{{a}} + 1"}}]}}},
              {"key":"gate","approval":{"title":"{{a}}","expiry":{"after":"00:00:05","decision":"approve"}}},
              {"key":"loop","repeat":{"body":{"nodes":[{"key":"n","tool":{"name":"calculate","arguments":{"expression":"{{n}} * 2"}}}],"state":{"n":1}},"until":{"path":"n","op":"gt","value":10},"maxIterations":6}},
              {"key":"end","tool":{"name":"echo","arguments":{"value":"{{gate.decision}} {{loop.state.n}} {{sub.branches.1.value}}"}}}],
             "edges":[{"from":"a","to":"b1"},{"from":"a","to":"b2"},{"from":"a","to":"b3"},{"from":"b1","to":"c"},{"from":"b2","to":"c"},{"from":"b3","to":"c"},
              {"from":"c","to":"sub","when":{"path":"c","op":"eq","value":true}},{"from":"c","to":"no","when":{"path":"c","op":"eq","value":false}},
              {"from":"bad","to":"afterBad"},{"from":"a","to":"gate"},{"from":"a","to":"loop"},{"from":"sub","to":"end"},{"from":"gate","to":"end"},{"from":"loop","to":"end"}],
             "merge":{"list":"append"},"maxParallel":4}
            """);
        var (expected, restarts) = (Shape(Live(0, "TaskGraph", input, WorldFaults.None, out _)), 0);
        Assert.Contains("end Succeeded \"approve 16 43\"", expected, StringComparison.Ordinal);
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = Shape(Live(seed, "TaskGraph", input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world));
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"TaskGraph came to {came}, and without faults to {expected}.");
        }

        Assert.True(restarts > Seeds / 2 || Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is not null, $"Only {restarts} restarts: the worlds are too kind.");
    }

    [Fact]
    public void Approval_FaultsBySeed_AsksRemindsEscalatesAndExpiresOnce()
    {
        var input = JsonElement.Parse("""
            {"title":"Ship?","approvers":["ann"],"reminders":{"after":"00:01:00","every":"00:02:00","count":2},"escalation":{"after":"00:05:00","approvers":["bob"]},
             "expiry":{"after":"00:10:00","decision":"reject"},"notify":{"tool":"echo","arguments":{"value":"{{idempotencyKey}}"}}}
            """);
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var output = Live(seed, "Approval", input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out _);
            var came = $"{output.GetProperty("decision")} {output.GetProperty("by")}: {string.Join(", ", output.GetProperty("notices").EnumerateArray().Select(notice => $"{notice.GetProperty("kind")} {notice.GetProperty("status")}"))}";
            if (came != "reject Expiry: Request Sent, Reminder Sent, Reminder Sent, Escalation Sent") throw new BrokenPromiseException(seed, $"The approval came to {came}.");
        }
    }

    private static string Shape(JsonElement output) => string.Join("; ", output.GetProperty("nodes").EnumerateArray().Select(node =>
        $"{node.GetProperty("key")} {node.GetProperty("status")} {(node.GetProperty("kind").GetString() is "Approval" or "SubOrchestrator" || !node.TryGetProperty("value", out var value) ? "" : value.GetRawText())}"));

    private JsonElement Live(int seed, string orchestrator, JsonElement input, WorldFaults faults, out SimulatedWorld world)
    {
        var content = new MemoryContentStore();
        using var services = new ServiceCollection().AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddChunkReader().BuildServiceProvider();
        Assert.Empty(catalog.Orchestrator(orchestrator).Validate(input, catalog.Json).ByPath);
        world = new SimulatedWorld(seed, catalog, services, faults, [new SimulatedRun("run", orchestrator, input)]);
        var outcome = world.Live()["run"];
        return outcome.Status == RuntimeStatus.Completed ? outcome.Output!.Value : throw new BrokenPromiseException(seed, $"{orchestrator} ended {outcome.Status}: {outcome.Failure}");
    }
}
