using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.ToolFanOut;

public sealed class ToolFanOutTests
{
    private readonly ScriptedWorld world = new();

    public ToolFanOutTests() => world.Activity(ActivityReferences.CallTool, call => call.Input.Tool switch
    {
        "delay" => After(call.Input.Arguments!.Value.GetProperty("milliseconds").GetInt32(), new ToolReply { Value = call.Input.Arguments.Value.GetProperty("value") }),
        "large" => After(1, new ToolReply { Ref = new ContentRef(new string('a', 64), 40_000) }),
        "hang" => Never<ToolReply>(),
        "broken" => Fails<ToolReply>(1, call.Attempt == 1 ? new CircuitOpenException("broken", "The tool 'broken' has been broken since noon.", TimeSpan.FromSeconds(3)) : new PermanentFailureException("It was called.")),
        _ => Fails<ToolReply>(1, new PermanentFailureException($"There is no tool '{call.Input.Tool}'.")),
    });

    [Fact]
    public void RunAsync_TheDocumentedInput_GivesTheDocumentedResult() => Assert.Equal(
        """{"complete":true,"branches":[{"key":"a","status":"Succeeded","value":1,"elapsed":"00:00:00.100"}]}""",
        Run("""{"calls":[{"key":"a","tool":"delay","arguments":{"milliseconds":100,"value":1}}],"branchTimeout":"00:00:05","quorum":"all","critical":["a"],"maxParallel":50}"""));

    [Fact]
    public void RunAsync_NoKeys_ArePlacesInTheList() => Assert.Equal(
        """{"complete":true,"branches":[{"key":"0","status":"Succeeded","value":"x","elapsed":"00:00:00.010"},{"key":"1","status":"Succeeded","ref":{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","length":40000},"elapsed":"00:00:00.001"}]}""",
        Run("""{"calls":[{"tool":"delay","arguments":{"milliseconds":10,"value":"x"}},{"tool":"large"}]}"""));

    [Fact]
    public void RunAsync_UnknownTool_FailsItsBranchOnce()
    {
        Assert.Equal(
            """{"complete":false,"branches":[{"key":"0","status":"Succeeded","value":2,"elapsed":"00:00:00.010"},{"key":"1","status":"Failed","error":{"type":"PermanentFailureException","message":"There is no tool 'nope'.","permanent":true,"step":"CallTool"},"elapsed":"00:00:00.001"}]}""",
            Run("""{"calls":[{"tool":"delay","arguments":{"milliseconds":10,"value":2}},{"tool":"nope"}]}"""));
        Assert.Equal(2, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_CriticalFails_TheRunCompletesAndNamesIt() => Assert.Equal(
        """{"complete":false,"failedCritical":["c"],"branches":[{"key":"c","status":"Failed","error":{"type":"PermanentFailureException","message":"There is no tool 'nope'.","permanent":true,"step":"CallTool"},"elapsed":"00:00:00.001"},{"key":"h","status":"Cancelled","elapsed":"00:00:00.001"}]}""",
        Run("""{"calls":[{"key":"c","tool":"nope"},{"key":"h","tool":"hang"}],"critical":["c"]}"""));

    [Fact]
    public void RunAsync_BrokenTool_IsSkippedAtOnceAndSaysWhy() => Assert.Equal(
        """{"complete":false,"branches":[{"key":"b","status":"Skipped","error":{"type":"CircuitOpenException","message":"The tool 'broken' has been broken since noon.","permanent":false,"retryAfter":"00:00:03.000","step":"CallTool"},"elapsed":"00:00:00.001"},{"key":"0","status":"Succeeded","value":2,"elapsed":"00:00:00.010"}]}""",
        Run("""{"calls":[{"key":"b","tool":"broken"},{"key":"0","tool":"delay","arguments":{"milliseconds":10,"value":2}}]}"""));

    [Fact]
    public void RunAsync_BrokenToolThatIsCritical_IsNamedAsFailed() => Assert.Contains(
        "\"failedCritical\":[\"b\"]",
        Run("""{"calls":[{"key":"b","tool":"broken"},{"key":"h","tool":"hang"}],"critical":["b"]}"""),
        StringComparison.Ordinal);

    [Fact]
    public void RunAsync_BrokenToolNotToBeSkipped_IsWaitedFor() => Assert.Contains(
        "It was called.",
        Run("""{"calls":[{"key":"b","tool":"broken"}],"skipBroken":false}"""),
        StringComparison.Ordinal);

    [Fact]
    public void RunAsync_Quorum_SaysThatItIsReached() => Assert.Equal(
        """{"complete":false,"quorumReached":true,"branches":[{"key":"0","status":"Succeeded","value":2,"elapsed":"00:00:00.010"},{"key":"1","status":"Cancelled","elapsed":"00:00:00.010"}]}""",
        Run("""{"calls":[{"tool":"delay","arguments":{"milliseconds":10,"value":2}},{"tool":"hang"}],"quorum":0.5}"""));

    [Fact]
    public void RunAsync_Hangs_TimesOut()
    {
        var result = JsonDocument.Parse(Run("""{"calls":[{"key":"h","tool":"hang"}],"branchTimeout":"00:00:02"}""")).RootElement;
        Assert.Equal("TimedOut", result.GetProperty("branches")[0].GetProperty("status").GetString());
        Assert.Equal("Branch 'h' did not end within 00:00:02. Allow it more time, or make it faster.", result.GetProperty("branches")[0].GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void RunAsync_FiveThousandCalls_PublishesProgressAtMostAHundredTimes()
    {
        var calls = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $$$"""{"tool":"delay","arguments":{"milliseconds":{{{i % 9}}},"value":{{{i}}}}}"""));
        Assert.StartsWith("""{"complete":true,""", Run($$"""{"calls":[{{calls}}],"maxParallel":500}"""), StringComparison.Ordinal);
        var statuses = world.Statuses["run"];
        Assert.InRange(statuses.Count, 2, 101);
        Assert.Equal("""{"phase":"calls","done":0,"total":5000}""", statuses[0]);
        Assert.Equal("""{"phase":"calls","done":5000,"total":5000}""", statuses[^1]);
    }

    [Theory]
    [InlineData("""{"calls":[]}""", "calls", "There are 0 calls. Send 1 to 50,000.")]
    [InlineData("""{"calls":[null]}""", "calls[0]", "The call is null.")]
    [InlineData("""{"calls":[{"tool":""}]}""", "calls[0].tool", "The tool's name is empty.")]
    [InlineData("""{"calls":[{"tool":"a"},{"tool":"b","arguments":[1]}]}""", "calls[1].arguments", "The arguments are of kind Array.")]
    [InlineData("""{"calls":[{"key":"","tool":"a"}]}""", "calls[0].key", "The key has 0 characters. Give it 1 to 100.")]
    [InlineData("""{"calls":[{"key":"1","tool":"a"},{"tool":"a"}]}""", "calls[1].key", "The key '1' is also that of calls[0].key.")]
    [InlineData("""{"calls":[{"tool":"a"}],"critical":["0","x"]}""", "critical[1]", "No call has the key 'x'.")]
    [InlineData("""{"calls":[{"tool":"a"}],"critical":[null]}""", "critical[0]", "No call has the key ''.")]
    [InlineData("""{"calls":[{"tool":"a"}],"quorum":2}""", "quorum", "The quorum is 2 of 1 calls.")]
    [InlineData("""{"calls":[{"tool":"a"}],"quorum":0}""", "quorum", "The quorum is 0 of 1 calls.")]
    [InlineData("""{"calls":[{"tool":"a"}],"quorum":1.5}""", "quorum", "The quorum is 1.5 of 1 calls.")]
    [InlineData("""{"calls":[{"tool":"a"}],"branchTimeout":"00:00:00"}""", "branchTimeout", "The branch timeout is 00:00:00. It must be above 0")]
    [InlineData("""{"calls":[{"tool":"a"}],"branchTimeout":"1.00:00:01"}""", "branchTimeout", "The branch timeout is 1.00:00:01.")]
    [InlineData("""{"calls":[{"tool":"a"}],"maxParallel":0}""", "maxParallel", "maxParallel is 0. It must be 1 to 10,000.")]
    [InlineData("""{"calls":[{"tool":"a"}],"maxAttempts":11}""", "maxAttempts", "maxAttempts is 11. It must be 1 to 10.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message)
    {
        var errors = Errors(input);
        Assert.StartsWith(message, Assert.Contains(path, errors)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_LongKey_IsRefused() => Assert.Contains("101 characters", Errors($$"""{"calls":[{"key":"{{new string('k', 101)}}","tool":"a"}]}""")["calls[0].key"][0], StringComparison.Ordinal);

    [Fact]
    public void Validate_TooManyCalls_IsRefused() => Assert.Contains("50,001 calls", Errors($$"""{"calls":[{{string.Join(',', Enumerable.Repeat("""{"tool":"a"}""", 50_001))}}]}""")["calls"][0], StringComparison.Ordinal);

    [Fact]
    public void Validate_ManyMistakes_AreReportedUpToAHundred() => Assert.Equal(100, Errors($$"""{"calls":[{{string.Join(',', Enumerable.Repeat("""{"tool":""}""", 500))}}]}""").Count);

    [Theory]
    [InlineData("""{"calls":null}""")]
    [InlineData("""{}""")]
    [InlineData("""{"calls":[{"key":"a"}]}""")]
    [InlineData("""{"calls":[{"tool":"a"}],"quorum":"some"}""")]
    [InlineData("""{"calls":[{"tool":"a"}],"critical":null}""")]
    [InlineData("""{"calls":[{"tool":"a"}],"branchTimeout":"5s"}""")]
    [InlineData("""{"calls":[{"tool":"a"}],"parallel":5}""")]
    public void Validate_DoesNotFit_IsAJsonError(string input) => Assert.Throws<JsonException>(() => Errors(input));

    private string Run(string input)
    {
        Assert.Empty(Errors(input));
        return world.RunJson("ToolFanOut", input).Ended().GetRawText();
    }

    private IReadOnlyDictionary<string, string[]> Errors(string input) => world.Catalog.Orchestrator("ToolFanOut").Validate(JsonDocument.Parse(input).RootElement, world.Json).ByPath;
}
