using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentEarlyStartTests
{
    private static readonly AgentLoopInput Input = AgentFixture.Input with { Speculate = false };
    private readonly AgentFixture agent = new();

    public AgentEarlyStartTests() => agent.Tool = call => After(600, new ToolReply { Value = call.Input.Arguments, Cost = new Cost(0, 0, 0.25m) });

    [Theory]
    [InlineData("read", 2200)]
    [InlineData("write", 2200)]
    [InlineData("send", 2600)]
    public void RunAsync_ACallIsToldWhileTheModelTalks_StartsWhereItBearsRepetition(string tool, int elapsed)
    {
        // Told after 200 of the model's 600 ms; told twice, and with its properties in another order.
        var arguments = """{"a":1,"b":[2]}""";
        agent.Model = asked =>
        {
            if (asked.Turn == 2) return agent.Say(asked, "Done.", 1400);
            agent.World.Raise(200, asked.Call.ToolCallEvent!, $$$"""{"id":"x","tool":"{{{tool}}}","arguments":{"b":[2],"a":1}}""");
            agent.World.Raise(300, asked.Call.ToolCallEvent!, $$$"""{"id":"x","arguments":{{{arguments}}},"tool":"{{{tool}}}"}""");
            return agent.Reply(asked, "", [agent.Named(tool, arguments)], 600);
        };

        var (result, took) = agent.Timed(Input);

        Assert.Single(agent.ToolCalls);
        Assert.InRange(took, elapsed, elapsed + 5);
        Assert.Equal(tool == "send" ? 0 : 1, result.EarlyStarts.Used);
        Assert.Equal(0, result.EarlyStarts.Unused);
        Assert.Equal(0.25m + 0.02m, result.Cost.Usd);
        Assert.Equal(1, result.ToolCalls[0].Calls);
    }

    [Fact]
    public void RunAsync_AToldCallIsNotInTheReply_IsGivenUpAndNeverHeardOf()
    {
        agent.Model = asked =>
        {
            if (asked.Turn == 2) return agent.Say(asked, "Done.");
            agent.World.Raise(10, asked.Call.ToolCallEvent!, """{"id":"x","tool":"read","arguments":{"wrong":1}}""");
            agent.World.Raise(20, asked.Call.ToolCallEvent!, """{"id":"y","tool":"write","arguments":{"late":1}}""");
            return agent.Reply(asked, "", [agent.Named("read", """{"right":1}""")], 620);
        };
        agent.Tool = call => call.Input.Tool == "write" ? Never<ToolReply>() : After(600, new ToolReply { Value = call.Input.Arguments, Cost = new Cost(0, 0, 0.25m) });

        var result = agent.Run(Input);

        Assert.Equal(["""{"right":1}"""], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.Equal(new AgentHeadStarts(0, 2, new Cost(0, 0, 0.25m)), result.EarlyStarts);
        Assert.Equal(0.50m + 0.02m, result.Cost.Usd);
        Assert.Equal(1, agent.World.Cancelled["activity"]);
        Assert.DoesNotContain("wrong", agent.Stored(result.Conversation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"x","tool":"nope","arguments":{}}""")]
    [InlineData("""{"id":"x","tool":"read","arguments":[1]}""")]
    [InlineData("""{"id":"x","tool":"read","malformed":"{"}""")]
    [InlineData("""{"what":1}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public void RunAsync_AnEventThatIsNoCall_StartsNothing(string payload)
    {
        agent.Model = asked =>
        {
            agent.World.Raise(10, asked.Call.ToolCallEvent!, payload);
            return agent.Say(asked, "Done.");
        };

        Assert.Equal("Done.", agent.Run(Input).Answer!.Text);
        Assert.Empty(agent.ToolCalls);
    }

    [Fact]
    public void RunAsync_AnEarlyCallFails_TheModelIsToldAsEver()
    {
        agent.Tool = _ => Fails<ToolReply>(10, new PermanentFailureException("The argument 'a' is missing."));
        agent.Model = asked =>
        {
            if (asked.Turn == 2) return agent.Say(asked, "Done.");
            agent.World.Raise(10, asked.Call.ToolCallEvent!, """{"id":"x","tool":"read","arguments":{}}""");
            return agent.Call(asked, ("read", "{}"));
        };

        agent.Run(Input);

        Assert.Equal(["Error: The argument 'a' is missing."], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.Single(agent.ToolCalls);
    }

    [Fact]
    public void RunAsync_TwoEqualCalls_ShareWhatRuns()
    {
        agent.Model = asked =>
        {
            if (asked.Turn == 2) return agent.Say(asked, "Done.");
            agent.World.Raise(10, asked.Call.ToolCallEvent!, """{"id":"x","tool":"read","arguments":{"a":1}}""");
            return agent.Call(asked, ("read", """{"a":1}"""), ("read", """{"a":1}"""));
        };

        agent.Run(Input);

        Assert.Equal(["""{"a":1}""", """{"a":1}"""], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.Single(agent.ToolCalls);
    }

    [Fact]
    public void RunAsync_TheModelFails_WhatWasToldIsGivenUp()
    {
        agent.Tool = _ => Never<ToolReply>();
        agent.Model = asked =>
        {
            agent.World.Raise(10, asked.Call.ToolCallEvent!, """{"id":"x","tool":"read","arguments":{}}""");
            return Fails<ChatReply>(100, new PermanentFailureException("Refused."));
        };

        var run = agent.Start(Input);

        Assert.Equal("Refused.", run.Failure!.Message);
        Assert.Empty(run.LeftOpen);
    }

    [Theory]
    [InlineData(false, 20, "read")]
    [InlineData(true, 1, "read")]
    [InlineData(true, 20, "send")]
    public void RunAsync_NothingCouldStartEarly_AsksForNoEvents(bool early, int turns, string tool)
    {
        agent.Model = asked => agent.Say(asked, "Done.");

        agent.Run(Input with { EarlyStart = early, MaxTurns = turns, Tools = [tool] });

        Assert.Null(agent.AskedFor[0].Call.ToolCallEvent);
    }
}
