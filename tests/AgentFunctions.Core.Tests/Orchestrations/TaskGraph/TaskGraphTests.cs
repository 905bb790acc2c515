using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

public sealed class TaskGraphTests
{
    private readonly ScriptedWorld world = GraphFixture.World();

    [Fact]
    public void RunAsync_Diamond_RunsWhatIsReadyAtOnce()
    {
        var run = world.RunGraph("""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"value":2,"ms":100}}},
              {"key":"b","tool":{"name":"t","arguments":{"value":{"from":{"$value":"a"}},"ms":300}}},
              {"key":"c","model":{"prompt":"{{a}} and {{start}}"}},
              {"key":"d","tool":{"name":"t","arguments":{"value":"{{b.from}} {{c}}","ms":50}}}],
             "edges":[{"from":"a","to":"b"},{"from":"a","to":"c"},{"from":"b","to":"d"},{"from":"c","to":"d"}],
             "state":{"start":"go"}}
            """);
        var result = run.Ended();
        Assert.Equal(450, run.Elapsed.TotalMilliseconds);
        Assert.Equal("""{"start":"go","a":2,"b":{"from":2},"c":"[2 and go]","d":"2 [2 and go]"}""", result.GetProperty("state").GetRawText());
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal(3.5m, result.GetProperty("cost").GetProperty("usd").GetDecimal());
        Assert.Equal("scripted", result.Text("notice"));
        Assert.Equal(
            """{"key":"b","kind":"Tool","status":"Succeeded","value":{"from":2},"started":"00:00:00.100","elapsed":"00:00:00.300","cost":{"inputTokens":0,"outputTokens":0,"usd":1,"estimated":false},"attempts":1}""",
            result.Node("b").GetRawText());
    }

    [Fact]
    public void RunAsync_NodeFails_SkipsWhatDependsOnItOnly()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"refuse":1}}},
              {"key":"b","tool":{"name":"t"}},
              {"key":"c","tool":{"name":"t"}},
              {"key":"x","tool":{"name":"t","arguments":{"value":1}}},
              {"key":"y","tool":{"name":"t","arguments":{"value":2}}}],
             "edges":[{"from":"a","to":"b"},{"from":"b","to":"c"},{"from":"x","to":"y"}]}
            """).Ended();
        Assert.False(result.GetProperty("complete").GetBoolean());
        Assert.Equal("""["a"]""", result.GetProperty("failed").GetRawText());
        Assert.Equal("a Failed, b Skipped, c Skipped, x Succeeded, y Succeeded", GraphFixture.Statuses(result));
        Assert.Equal("'a' failed.", result.Node("c").Text("skippedBecause"));
        Assert.Equal("refused", result.Node("a").GetProperty("error").Text("message"));
        Assert.Equal("""{"x":1,"y":2}""", result.GetProperty("state").GetRawText());
    }

    [Fact]
    public void RunAsync_ContinueOnError_GoesOnWithoutTheValue()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"refuse":1}},"continueOnError":true},
              {"key":"b","tool":{"name":"t","arguments":{"value":{"$value":"a","default":"none"}}}}],
             "edges":[{"from":"a","to":"b"}]}
            """).Ended();
        Assert.Equal("a Failed, b Succeeded", GraphFixture.Statuses(result));
        Assert.Equal("none", result.Node("b").Text("value"));
        Assert.False(result.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void RunAsync_CriticalFails_EndsAllAtOnce()
    {
        var run = world.RunGraph("""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"refuse":1,"ms":50}},"critical":true},
              {"key":"slow","tool":{"name":"t","arguments":{"never":1}}},
              {"key":"ask","approval":{"title":"Well?"}},
              {"key":"after","tool":{"name":"t"}}],
             "edges":[{"from":"slow","to":"after"}]}
            """);
        var result = run.Ended();
        Assert.Equal(50, run.Elapsed.TotalMilliseconds);
        Assert.Equal("a Failed, slow Cancelled, ask Cancelled, after Skipped", GraphFixture.Statuses(result));
        Assert.Equal(("a", "'a' failed, and is critical."), (result.Text("endedBy"), result.Node("after").Text("skippedBecause")));
    }

    [Fact]
    public void RunAsync_CriticalConditionFailsWhileOthersWaitForRoom_SkipsThem()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"never":1}}},
              {"key":"b","tool":{"name":"t"}},
              {"key":"c","condition":{"path":"x","op":"lt","value":1},"critical":true}],
             "state":{"x":"text"},"maxParallel":1}
            """).Ended();
        Assert.Equal("a Cancelled, b Skipped, c Failed", GraphFixture.Statuses(result));
        Assert.StartsWith("The value at 'x' is \"text\": it can't be compared by 'lt' with 1.", result.Node("c").GetProperty("error").Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_Conditions_TakeOneWayAndJoinAgain()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"score","tool":{"name":"t","arguments":{"value":7}}},
              {"key":"isHigh","condition":{"and":[{"path":"score","op":"ge","value":5},{"not":{"path":"score","op":"eq","value":6}}]}},
              {"key":"high","tool":{"name":"t","arguments":{"value":"h"}},"output":"way"},
              {"key":"low","tool":{"name":"t","arguments":{"value":"l"}},"output":"way"},
              {"key":"lower","tool":{"name":"t","arguments":{"value":"ll"}},"output":"way"},
              {"key":"end","tool":{"name":"t","arguments":{"value":"took {{way}}"}}}],
             "edges":[
              {"from":"score","to":"isHigh"},
              {"from":"isHigh","to":"high","when":{"path":"isHigh","op":"eq","value":true}},
              {"from":"isHigh","to":"low","when":{"path":"isHigh","op":"eq","value":false}},
              {"from":"low","to":"lower"},
              {"from":"high","to":"end"},{"from":"lower","to":"end"}],
             "merge":{"way":"replace"}}
            """).Ended();
        Assert.Equal("score Succeeded, isHigh Succeeded, high Succeeded, low Skipped, lower Skipped, end Succeeded", GraphFixture.Statuses(result));
        Assert.Equal("No edge into it was taken.", result.Node("lower").Text("skippedBecause"));
        Assert.Equal("took h", result.Node("end").Text("value"));
        Assert.True(result.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void RunAsync_EdgeConditionThatCantBeTold_SkipsItsEndAndSaysWhy()
    {
        var result = world.RunGraph("""
            {"nodes":[{"key":"a","tool":{"name":"t","arguments":{"value":"text"}}},{"key":"b","tool":{"name":"t"}}],
             "edges":[{"from":"a","to":"b","when":{"path":"a","op":"gt","value":1}}]}
            """).Ended();
        Assert.Equal("a Succeeded, b Skipped", GraphFixture.Statuses(result));
        Assert.StartsWith("The condition of the edge 'a' → 'b' could not be told: The value at 'a' is \"text\"", result.Node("b").Text("skippedBecause"), StringComparison.Ordinal);
        Assert.False(result.GetProperty("complete").GetBoolean());
    }

    [Theory]
    [InlineData("all", "a Failed, b Succeeded, c Skipped", 500)]
    [InlineData("any", "a Failed, b Succeeded, c Succeeded", 500)]
    public void RunAsync_Join_SaysWhatAFailureBeforeMeans(string join, string statuses, int milliseconds)
    {
        var run = world.RunGraph($$$$$$"""
            {"nodes":[
              {"key":"a","tool":{"name":"t","arguments":{"refuse":1,"ms":500}}},
              {"key":"b","tool":{"name":"t","arguments":{"ms":100}}},
              {"key":"c","tool":{"name":"t","arguments":{"ms":100}},"join":"{{{{{{join}}}}}}"}],
             "edges":[{"from":"a","to":"c"},{"from":"b","to":"c"}]}
            """);
        Assert.Equal(statuses, GraphFixture.Statuses(run.Ended()));
        Assert.Equal(milliseconds, run.Elapsed.TotalMilliseconds);
        Assert.Equal(join == "any" ? "00:00:00.100" : null, run.Result.Node("c").Text("started"));
    }

    [Fact]
    public void RunAsync_MergeRules_GoByTheGraphsOrderAndNotByWhoWasFirst()
    {
        var result = world.RunGraph("""
            {"nodes":[
              {"key":"late","tool":{"name":"t","arguments":{"value":1,"ms":900}},"output":"list"},
              {"key":"early","tool":{"name":"t","arguments":{"value":2,"ms":10}},"output":"list"},
              {"key":"late2","tool":{"name":"t","arguments":{"value":0.1,"ms":900}},"output":"sum"},
              {"key":"early2","tool":{"name":"t","arguments":{"value":0.2,"ms":10}},"output":"sum"},
              {"key":"late3","tool":{"name":"t","arguments":{"value":"l","ms":900}},"output":"first"},
              {"key":"early3","tool":{"name":"t","arguments":{"value":"e","ms":10}},"output":"first"},
              {"key":"late4","tool":{"name":"t","arguments":{"value":"l","ms":10}},"output":"last"},
              {"key":"early4","tool":{"name":"t","arguments":{"value":"e","ms":900}},"output":"last"},
              {"key":"kept","tool":{"name":"t","arguments":{"value":"n"}}}],
             "state":{"list":[0],"kept":"old"},
             "merge":{"list":"append","sum":"sum","first":"first","last":"replace","kept":"first"}}
            """).Ended();
        Assert.Equal("""{"list":[0,1,2],"kept":"old","sum":0.3,"first":"l","last":"e"}""", result.GetProperty("state").GetRawText());
    }

    [Fact]
    public void RunAsync_SumOfNoNumber_FailsTheNode()
    {
        var result = world.RunGraph("""{"nodes":[{"key":"a","tool":{"name":"t","arguments":{"value":"x"}}}],"merge":{"a":"sum"}}""").Ended();
        Assert.Equal("The output of 'a' goes into the sum 'a', but it is \"x\" and no number. Give it another 'output', or another merge rule.", result.Node("a").GetProperty("error").Text("message"));
    }

    [Fact]
    public void RunAsync_TimeoutAndRetries_ArePerNode()
    {
        var run = world.RunGraph("""
            {"nodes":[
              {"key":"flaky","tool":{"name":"t","arguments":{"fail":2,"value":1}}},
              {"key":"once","tool":{"name":"t","arguments":{"fail":1}},"maxAttempts":1},
              {"key":"slow","tool":{"name":"t","arguments":{"never":1}},"timeout":"00:00:02"}]}
            """);
        var result = run.Ended();
        Assert.Equal("flaky Succeeded, once Failed, slow TimedOut", GraphFixture.Statuses(result));
        Assert.Equal(["3", "1", "1"], result.GetProperty("nodes").EnumerateArray().Select(node => node.Text("attempts")));
    }

    [Fact]
    public void RunAsync_MaxParallel_HoldsForWorkAndNotForWaiting()
    {
        world.RaiseAt(5_000, "ask", """{"decision":"approve","decidedBy":"ann"}""");
        var nodes = string.Join(',', Enumerable.Range(0, 30).Select(i => $$$$$$"""{"key":"n{{{{{{i}}}}}}","tool":{"name":"t","arguments":{"ms":100}}}"""));
        var run = world.RunGraph($$$$$$"""{"nodes":[{"key":"ask","approval":{"title":"t"}},{{{{{{nodes}}}}}}],"maxParallel":3}""");
        Assert.True(run.Ended().GetProperty("complete").GetBoolean());
        Assert.Equal(3, world.MostRunning["CallTool"]);
        Assert.Equal(5_000, run.Elapsed.TotalMilliseconds);
        Assert.Equal("00:00:00.900", run.Result.Node("n29").Text("started"));
    }

    [Fact]
    public void RunAsync_StoredValues_StayInTheStoreUntilTheyAreNeeded()
    {
        var text = new ContentRef(new string('a', 64), 5_000);
        var json = new ContentRef(new string('b', 64), 50_000);
        world.Activity(ActivityReferences.CallTool, call => After(1, call.Input.Tool == "big" ? new ToolReply { Ref = json } : new ToolReply { Value = call.Input.Arguments!.Value.GetProperty("value") }));
        world.Activity(ActivityReferences.ReadContent, call => After(1, call.Input == json ? """{"rows":[{"id":4}]}""" : "the text"));
        var result = world.RunGraph($$$$$$"""
            {"nodes":[
              {"key":"big","tool":{"name":"big"}},
              {"key":"ask","model":{"prompt":"Read: {{doc}} and {{big.rows.0.id}}."}},
              {"key":"part","tool":{"name":"t","arguments":{"value":{"$value":"big.rows.0.id"}}}},
              {"key":"whole","tool":{"name":"t","arguments":{"value":["{{doc}}",{"$value":"both"}]}}}],
             "edges":[{"from":"big","to":"ask"},{"from":"big","to":"part","when":{"path":"big.rows","op":"contains","value":{"id":4.0}}}],
             "state":{"doc":{"$content":{"sha256":"{{{{{{text.Sha256}}}}}}","length":5000},"text":true},"both":[{"$content":{"sha256":"{{{{{{json.Sha256}}}}}}","length":50000}}]}}
            """).Ended();
        Assert.Equal("[Read: |aaaa| and 4.]", result.Node("ask").Text("value"));
        Assert.Equal("4", result.Node("part").Text("value"));
        Assert.Equal("""["the text",[{"rows":[{"id":4}]}]]""", result.Node("whole").GetProperty("value").GetRawText());
        Assert.Equal(2, world.Calls("ReadContent"));
        Assert.Equal($$$"""{"$content":{"sha256":"{{{json.Sha256}}}","length":50000}}""", result.GetProperty("state").GetProperty("big").GetRawText());
    }

    [Fact]
    public void RunAsync_ValueMissingAtRunTime_SaysWhichAndWhy()
    {
        var result = world.RunGraph("""
            {"nodes":[{"key":"a","tool":{"name":"t","arguments":{"value":{"x":1}}}},{"key":"b","tool":{"name":"t","arguments":{"value":"{{a.y}}"}}}],"edges":[{"from":"a","to":"b"}]}
            """).Ended();
        Assert.StartsWith("The state has no value at 'a.y' for this node:", result.Node("b").GetProperty("error").Text("message"), StringComparison.Ordinal);
        Assert.Equal("1", result.Node("b").Text("attempts"));
    }

    [Fact]
    public void RunAsync_ThousandNodes_BoundsItsStatusAndItsHistory()
    {
        var key = new string('k', 95);
        var nodes = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$$$$$"""{"key":"{{{{{{key}}}}}}{{{{{{i}}}}}}","tool":{"name":"t","arguments":{"value":{{{{{{i}}}}}},"seen":{"$value":"{{{{{{key}}}}}}{{{{{{Math.Max(0, i - 10)}}}}}}","default":0}}}}"""));
        var edges = string.Join(',', Enumerable.Range(10, 990).Select(i => $$$$$$"""{"from":"{{{{{{key}}}}}}{{{{{{i - 10}}}}}}","to":"{{{{{{key}}}}}}{{{{{{i}}}}}}"}"""));
        var result = world.RunGraph($$$$$$"""{"nodes":[{{{{{{nodes}}}}}}],"edges":[{{{{{{edges}}}}}}],"maxParallel":50}""").Ended();
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal(1_000, world.Calls("CallTool"));
        Assert.InRange(world.Statuses["run"].Count, 50, 250);
        Assert.Equal(new string('s', 1_000), JsonElement.Parse(world.Statuses["run"][^1]).Text("nodes"));
    }

    [Fact]
    public void RunAsync_ChainOfAThousandConditions_EndsAtOnce()
    {
        var nodes = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$$$$$"""{"key":"c{{{{{{i}}}}}}","condition":{"path":"x","op":"exists"}}"""));
        var edges = string.Join(',', Enumerable.Range(1, 999).Select(i => $$$$$$"""{"from":"c{{{{{{i - 1}}}}}}","to":"c{{{{{{i}}}}}}"}"""));
        var run = world.RunGraph($$$$$$"""{"nodes":[{{{{{{nodes}}}}}}],"edges":[{{{{{{edges}}}}}}]}""");
        Assert.True(run.Ended().GetProperty("complete").GetBoolean());
        Assert.Equal(TimeSpan.Zero, run.Elapsed);
    }
}
