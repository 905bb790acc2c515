using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.TaskGraph;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A graph of steps, on every host.</summary>
public abstract class TaskGraphConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task TaskGraph_Example_RunsToItsEnd()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.TaskGraph, "task-graph.json");

        Assert.True(result.Complete);
        Assert.Equal(2000, result.State.GetProperty("pay").GetProperty("paid").GetInt32());
        Assert.Equal(400, result.State.GetProperty("installments").GetProperty("state").GetProperty("left").GetInt32());
        Assert.Equal(BranchStatus.Skipped, result.Nodes.Single(node => node.Key == "refuse").Status);
    }

    [Fact]
    public async Task TaskGraph_LargeOutput_CrossesByReference()
    {
        await PatternHostAsync();
        var large = new string('x', 40_000);

        var result = await ResultOfAsync<TaskGraphResult>(await BeginAsync("TaskGraph", JsonElement.Parse($$$$$$"""
            {"nodes":[
              {"key":"big","tool":{"name":"echo","arguments":{"value":["{{{{{{large}}}}}}",42]}}},
              {"key":"ask","model":{"prompt":"Which number is in the list? {{big}}"}},
              {"key":"part","tool":{"name":"echo","arguments":{"value":{"$value":"big.1"}}}}],
             "edges":[{"from":"big","to":"ask"},{"from":"big","to":"part","when":{"path":"big.1","op":"gt","value":41}}]}
            """)));

        Assert.True(result.Complete, $"{result.State}");
        Assert.True(result.State.GetProperty("big").TryGetProperty("$content", out _));
        Assert.Equal(42, result.State.GetProperty("part").GetInt32());
    }

    [Fact]
    public async Task TaskGraph_FailureApprovalAndSubOrchestrator_EachAffectTheirOwnBranch()
    {
        await PatternHostAsync();
        var id = await BeginAsync("TaskGraph", JsonElement.Parse("""
            {"nodes":[
              {"key":"bad","tool":{"name":"no-such-tool"}},
              {"key":"after","tool":{"name":"echo","arguments":{"value":1}}},
              {"key":"gate","approval":{"title":"Go?"}},
              {"key":"calls","subOrchestrator":{"name":"ToolFanOut","input":{"calls":[{"key":"{{gate.decidedBy}}","tool":"calculate","arguments":{"expression":"6 * 7"}}]}}}],
             "edges":[{"from":"bad","to":"after"},{"from":"gate","to":"calls","when":{"path":"gate.decision","op":"eq","value":"approve"}}]}
            """));

        await RaiseAsync(id, "gate", JsonElement.Parse("""{"decision":"approve","decidedBy":"ann"}"""));
        var result = await ResultOfAsync<TaskGraphResult>(id);

        Assert.False(result.Complete);
        Assert.Equal([BranchStatus.Failed, BranchStatus.Skipped, BranchStatus.Succeeded, BranchStatus.Succeeded], result.Nodes.Select(node => node.Status));
        Assert.Equal("""{"key":"ann","status":"Succeeded","value":42}""", Shown(result.State.GetProperty("calls").GetProperty("branches")[0]));
    }

    [Fact]
    public async Task TaskGraph_Timeout_EndsARepeatAndItsIterations()
    {
        await PatternHostAsync();

        var result = await ResultOfAsync<TaskGraphResult>(await BeginAsync("TaskGraph", JsonElement.Parse("""
            {"nodes":[
              {"key":"loop","timeout":"00:00:00.200","repeat":{"body":{"nodes":[{"key":"slow","tool":{"name":"delay","arguments":{"milliseconds":600000,"value":1}}}]},"until":{"path":"slow","op":"exists"}}},
              {"key":"other","tool":{"name":"echo","arguments":{"value":1}}}]}
            """)));

        Assert.Equal([BranchStatus.TimedOut, BranchStatus.Succeeded], result.Nodes.Select(node => node.Status));
    }

    private static string Shown(JsonElement branch) => $$$$$$"""{"key":"{{{{{{branch.GetProperty("key")}}}}}}","status":"{{{{{{branch.GetProperty("status")}}}}}}","value":{{{{{{branch.GetProperty("value")}}}}}}}""";
}
