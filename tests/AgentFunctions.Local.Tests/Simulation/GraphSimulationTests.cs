using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Task graphs and approvals in worlds where everything goes wrong.</summary>
public sealed class GraphSimulationTests
{
    private const int Seeds = 150;

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
        var came = SimulatedPattern.EqualsTheFaultFreeRun("TaskGraph", input, Seeds, Shape);
        Assert.Contains("end Succeeded \"approve 16 43\"", came, StringComparison.Ordinal);
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
            var (output, _) = SimulatedPattern.Live(seed, "Approval", input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 });
            var came = $"{output.GetProperty("decision")} {output.GetProperty("by")}: {string.Join(", ", output.GetProperty("notices").EnumerateArray().Select(notice => $"{notice.GetProperty("kind")} {notice.GetProperty("status")}"))}";
            if (came != "reject Expiry: Request Sent, Reminder Sent, Reminder Sent, Escalation Sent") throw new BrokenPromiseException(seed, $"The approval came to {came}.");
        }
    }

    private static string Shape(JsonElement output) => string.Join("; ", output.GetProperty("nodes").EnumerateArray().Select(node =>
        $"{node.GetProperty("key")} {node.GetProperty("status")} {(node.GetProperty("kind").GetString() is "Approval" or "SubOrchestrator" || !node.TryGetProperty("value", out var value) ? "" : value.GetRawText())}"));
}
