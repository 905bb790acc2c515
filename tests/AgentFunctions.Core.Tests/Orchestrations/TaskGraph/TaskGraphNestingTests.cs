using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

/// <summary>Nodes that run more than one step: approvals, repeats, sub-orchestrators.</summary>
public sealed class TaskGraphNestingTests
{
    private readonly ScriptedWorld world = GraphFixture.World();

    [Fact]
    public void RunAsync_Approval_DecidesTheWay()
    {
        world.RaiseAt(2_000, "Gate", """{"decision":"maybe","decidedBy":"ann"}""");
        world.RaiseAt(3_000, "gate", """{"decision":"approve","decidedBy":"ann"}""");
        world.RaiseAt(3_000, "gate", """{"decision":"reject","decidedBy":"bob"}""");
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"draft","tool":{"name":"t","arguments":{"value":{"words":120}}}},
              {"key":"gate","approval":{"title":"Publish {{draft.words}} words?","expiry":{"after":"1.00:00:00","decision":"reject"}}},
              {"key":"publish","tool":{"name":"t","arguments":{"value":"by {{gate.decidedBy}}"}}},
              {"key":"discard","tool":{"name":"t"}}],
             "edges":[{"from":"draft","to":"gate"},
              {"from":"gate","to":"publish","when":{"path":"gate.decision","op":"eq","value":"approve"}},
              {"from":"gate","to":"discard","when":{"path":"gate.decision","op":"ne","value":"approve"}}]}
            """).Ended();
        Assert.Equal("by ann", result.Node("publish").Text("value"));
        Assert.Equal("Skipped", result.Node("discard").Text("status"));
        var waiting = world.Statuses["run"].Select(status => JsonElement.Parse(status)).Where(status => status.GetProperty("approvals").GetArrayLength() > 0).ToList();
        Assert.Equal("""{"node":"gate","eventName":"gate","title":"Publish 120 words?","refusedCount":0}""", waiting[0].GetProperty("approvals")[0].GetRawText());
        Assert.Equal(1, waiting[^1].GetProperty("approvals")[0].GetProperty("refusedCount").GetInt32());
        Assert.Equal("sssk", JsonElement.Parse(world.Statuses["run"][^1]).Text("nodes"));
    }

    [Fact]
    public void RunAsync_Repeat_RunsItsBodyUntilItIsSatisfied()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"loop","repeat":{
                "body":{"nodes":[
                    {"key":"step","tool":{"name":"t","arguments":{"value":{"$value":"iteration"}}},"output":"total"},
                    {"key":"note","tool":{"name":"t","arguments":{"value":"{{name}} {{iteration}} of {{total}}"}},"output":"notes"}],
                  "edges":[{"from":"step","to":"note"}],"merge":{"total":"sum","notes":"append"},"state":{"total":10}},
                "until":{"path":"total","op":"ge","value":16},"maxIterations":5}},
              {"key":"end","tool":{"name":"t","arguments":{"value":{"$value":"loop.state.notes.2"}}}}],
             "edges":[{"from":"loop","to":"end"}],"state":{"name":"round"}}
            """).Ended();
        Assert.Equal("""{"iterations":3,"satisfied":true,"state":{"total":16,"notes":["round 1 of 11","round 2 of 13","round 3 of 16"]}}""", result.Node("loop").GetProperty("value").GetRawText());
        Assert.Equal("round 3 of 16", result.Node("end").Text("value"));
        Assert.Equal(7m, result.GetProperty("cost").GetProperty("usd").GetDecimal());
    }

    [Theory]
    [InlineData("false", "Failed", null)]
    [InlineData("true", "Succeeded", "false")]
    public void RunAsync_BodyFails_TheRepeatFailsUnlessTheBodyForgives(string forgives, string status, string? satisfied)
    {
        var result = world.RunGraph($$$$$$"""
            {"nodes":[{"key":"loop","repeat":{
                "body":{"nodes":[{"key":"x","tool":{"name":"t","arguments":{"refuse":1}},"continueOnError":{{{{{{forgives}}}}}}}]},
                "until":{"path":"x","op":"exists"},"maxIterations":2}}]}
            """).Ended();
        Assert.Equal(status, result.Node("loop").Text("status"));
        if (satisfied is null) Assert.Equal("Iteration 1: the node 'x' failed: refused", result.Node("loop").GetProperty("error").Text("message"));
        else Assert.Equal("""{"iterations":2,"satisfied":false,"state":{}}""", result.Node("loop").GetProperty("value").GetRawText());
    }

    [Fact]
    public void RunAsync_SubOrchestrator_GetsItsInputFromTheState()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"calls","tool":{"name":"t","arguments":{"value":[{"key":"k","tool":"u","arguments":{"value":5}}]}}},
              {"key":"all","subOrchestrator":{"name":"ToolFanOut","input":{"calls":{"$value":"calls"}}}},
              {"key":"five","tool":{"name":"t","arguments":{"value":{"$value":"all.branches.0.value"}}}},
              {"key":"bad","subOrchestrator":{"name":"ToolFanOut","input":{"calls":{"$value":"five"}}}},
              {"key":"worse","subOrchestrator":{"name":"ToolFanOut","input":{"calls":{"$value":"calls"},"maxParallel":{"$value":"none"}}}}],
             "edges":[{"from":"calls","to":"all"},{"from":"all","to":"five"},{"from":"five","to":"bad"},{"from":"five","to":"worse"}],"state":{"none":0}}
            """).Ended();
        Assert.Equal("5", result.Node("five").Text("value"));
        Assert.Equal(1, result.Node("all").GetProperty("cost").GetProperty("usd").GetInt32());
        Assert.Equal("Failed", result.Node("bad").Text("status"));
        Assert.StartsWith("The input of ToolFanOut has 1 faults. The first is at 'maxParallel': maxParallel is 0.", result.Node("worse").GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_SubOrchestratorWithTemplatesOfItsOwn_GetsThemAsLiterals()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"inner","subOrchestrator":{"name":"Saga","input":{"steps":[
                {"key":"one","tool":"t","arguments":{"value":{"$value":"given"}}},
                {"key":"two","tool":"t","arguments":{"$literal":{"value":["{{one}}",{"$value":"one"}]}}}]}}}],
             "state":{"given":[7]}}
            """).Ended();
        Assert.Equal("""["[7]",[7]]""", result.Node("inner").GetProperty("value").GetProperty("steps")[1].GetProperty("value").GetRawText());
    }
}
