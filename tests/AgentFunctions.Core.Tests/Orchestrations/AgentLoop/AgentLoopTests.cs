using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentLoopTests
{
    private readonly AgentFixture agent = new();

    public AgentLoopTests() => agent.Model = asked => agent.Say(asked, "It is here.");

    [Fact]
    public void RunAsync_TheModelAnswersAtOnce_IsTheAnswer()
    {
        var result = agent.Run();

        Assert.Equal(AgentEnd.Answered, result.Reason);
        Assert.Equal("It is here.", result.Answer!.Text);
        Assert.Equal(1, result.Turns);
        Assert.Equal(new Cost(100, 10, 0.01m), result.Cost);
        Assert.Equal("scripted-1", result.Model);
        Assert.Equal("scripted", result.Notice);
        Assert.Equal([ConversationRole.User, ConversationRole.Assistant], agent.Conversation(result.Conversation).Select(message => message.Role));
    }

    [Fact]
    public void RunAsync_NoTools_AsksForNoDescription()
    {
        agent.Run(AgentFixture.Input with { Tools = [] });

        Assert.Equal(0, agent.World.Calls("DescribeTools"));
    }

    [Fact]
    public void RunAsync_CallsOfATurn_RunAtOnceAndAnswerInOrder()
    {
        agent.Tool = call => After(call.Input.Tool == "read" ? 300 : 100, new ToolReply { Value = call.Input.Arguments });
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, ("read", """{"a":1}"""), ("send", """{"b":2}"""), ("write", """{"c":3}""")) : agent.Say(asked, "Done.");

        var (result, elapsed) = agent.Timed();

        Assert.Equal(["""{"a":1}""", """{"b":2}""", """{"c":3}"""], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.Equal(["c1", "c2", "c3"], agent.AskedFor[1].Call.Append.Select(message => message.ToolCallId!));
        Assert.Equal(3, agent.World.MostRunning["CallTool"]);
        Assert.InRange(elapsed, 2300, 2310);
        Assert.Equal([("read", 1, 0), ("send", 1, 0), ("write", 1, 0)], result.ToolCalls.Select(use => (use.Tool, use.Calls, use.Failed)));
        Assert.Equal(new Cost(200, 20, 0.02m), result.Cost);
    }

    [Fact]
    public void RunAsync_MoreCallsThanMayRunAtOnce_RunInTurn()
    {
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, [.. Enumerable.Range(0, 7).Select(i => ("read", $$"""{"i":{{i}}}"""))]) : agent.Say(asked, "Done.");

        agent.Run(AgentFixture.Input with { MaxParallelTools = 3 });

        Assert.Equal(3, agent.World.MostRunning["CallTool"]);
        Assert.Equal(7, AgentFixture.Answers(agent.AskedFor[1]).Count);
    }

    [Fact]
    public void RunAsync_WhatCantBeCalled_GoesBackToTheModel()
    {
        agent.Model = asked => asked.Turn == 1
            ? agent.Reply(asked, "", [agent.Named("raed", "{}"), new ModelToolCall("m", "read", null, "{broken"), agent.Named("read", """{"ok":1}""")])
            : agent.Say(asked, "Done.");

        var result = agent.Run();

        var answers = AgentFixture.Answers(agent.AskedFor[1]);
        Assert.Equal("Error: There is no tool 'raed'. There are: read, send, write.", answers[0]);
        Assert.Equal("Error: The arguments of the tool 'read' are no JSON object: {broken Call it again with an object that fits its schema.", answers[1]);
        Assert.Equal("""{"ok":1}""", answers[2]);
        Assert.Equal(2, result.Refused);
        Assert.Single(agent.ToolCalls);
    }

    [Fact]
    public void RunAsync_MoreThanAHundredCalls_AnswersTheRestWithAnError()
    {
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, [.. Enumerable.Range(0, 103).Select(i => ("read", $$"""{"i":{{i}}}"""))]) : agent.Say(asked, "Done.");

        var result = agent.Run();

        Assert.Equal(100, agent.ToolCalls.Count);
        Assert.Equal(3, result.Refused);
        Assert.Equal(103, AgentFixture.Answers(agent.AskedFor[1]).Count);
        Assert.StartsWith("Error: There are 103 calls", AgentFixture.Answers(agent.AskedFor[1])[102], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", 3)]
    [InlineData("write", 3)]
    [InlineData("send", 1)]
    public void RunAsync_AFailingTool_IsTriedAgainOnlyWhereItBearsThat(string tool, int attempts)
    {
        agent.Tool = _ => Fails<ToolReply>(10, new IOException("The disk is away."));
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, (tool, "{}")) : agent.Say(asked, "Done.");

        var result = agent.Run();

        Assert.Equal(attempts, agent.ToolCalls.Count);
        Assert.Equal(["Error: The disk is away."], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.Equal((1, 1), (result.ToolCalls[0].Calls, result.ToolCalls[0].Failed));
    }

    [Fact]
    public void RunAsync_ToolHangs_TimesOutAndTheOthersAreKept()
    {
        agent.Tool = call => call.Input.Tool == "send" ? Never<ToolReply>() : After(10, new ToolReply());
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, ("send", "{}"), ("read", "{}")) : agent.Say(asked, "Done.");

        agent.Run(AgentFixture.Input with { ToolTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal(["Error: The tool 'send' did not end within 00:00:02. It may have done its work all the same.", "null"], AgentFixture.Answers(agent.AskedFor[1]));
    }

    [Fact]
    public void RunAsync_LargeAnswer_CrossesAsItsAddress()
    {
        var address = ContentRef.Of("a large answer"u8);
        agent.Tool = call => call.Input.InlineBytes == 512 ? After(1, new ToolReply { Ref = address }) : Fails<ToolReply>(1, new InvalidOperationException("no bound"));
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, ("read", "{}")) : agent.Say(asked, "Done.");

        agent.Run();

        Assert.Equal(address, agent.AskedFor[1].Call.Append[0].Content!.Ref);
    }

    [Fact]
    public void RunAsync_ToolsThatCost_AreAddedUp()
    {
        agent.Tool = _ => After(1, new ToolReply { Cost = new Cost(1, 2, 0.5m) });
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, ("read", "{}"), ("send", "{}")) : agent.Say(asked, "Done.");

        Assert.Equal(new Cost(202, 24, 1.02m), agent.Run().Cost);
    }

    [Fact]
    public void RunAsync_UnknownTools_FailBeforeAnythingIsPaid()
    {
        var run = agent.Start(AgentFixture.Input with { Tools = ["read", "dig", "fly"] });

        Assert.Equal("UnknownTools", run.Failure!.Type);
        Assert.Contains("'dig', 'fly'", run.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(agent.AskedFor);
        Assert.Empty(run.LeftOpen);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("send")]
    public void RunAsync_ToolIsKnownToBeBroken_TheModelIsToldAtOnce(string tool)
    {
        agent.Tool = _ => Fails<ToolReply>(1, new CircuitOpenException(tool, "It has been broken since noon, and was not called.", TimeSpan.FromMinutes(2)));
        agent.Model = asked => asked.Turn == 1 ? agent.Call(asked, (tool, "{}")) : agent.Say(asked, "Without it, then.");

        var (result, milliseconds) = agent.Timed();

        Assert.Equal(AgentEnd.Answered, result.Reason);
        Assert.Single(agent.ToolCalls);
        Assert.Equal(["Error: It has been broken since noon, and was not called."], AgentFixture.Answers(agent.AskedFor[1]));
        Assert.InRange(milliseconds, 2000, 2100);
    }

    [Fact]
    public void RunAsync_ModelFailsOnce_IsAskedAgain()
    {
        agent.Model = asked => asked.Attempt == 1 ? Fails<ChatReply>(10, new ModelUnavailableException("Away.")) : agent.Say(asked, "Done.");

        Assert.Equal("Done.", agent.Run().Answer!.Text);
        Assert.Equal(2, agent.AskedFor.Count);
    }

    [Fact]
    public void RunAsync_ModelFailsInTheFirstTurn_FailsTheRun()
    {
        agent.Model = _ => Fails<ChatReply>(10, new PermanentFailureException("There is no model 'x'."));

        var run = agent.Start();

        Assert.Equal("There is no model 'x'.", run.Failure!.Message);
        Assert.Empty(run.LeftOpen);
    }

    [Fact]
    public void RunAsync_ModelFailsLater_KeepsWhatThereIs()
    {
        agent.Model = asked => asked.Turn == 1
            ? agent.Reply(asked, "I look.", [agent.Named("read", "{}")])
            : Fails<ChatReply>(10, new PermanentFailureException("Too long."));

        var result = agent.Run();

        Assert.Equal(AgentEnd.ModelFailed, result.Reason);
        Assert.Equal("Too long.", result.Error!.Message);
        Assert.Equal("I look.", result.Answer!.Text);
        Assert.Equal([ConversationRole.User, ConversationRole.Assistant, ConversationRole.Tool], agent.Conversation(result.Conversation).Select(message => message.Role));
    }

    [Fact]
    public void RunAsync_EveryTurn_ShowsProgress()
    {
        agent.Model = asked => asked.Turn < 3 ? agent.Call(asked, ("read", "{}")) : agent.Say(asked, "Done.");
        agent.Run();

        Assert.Equal(["""{"phase":"turn","done":1,"total":20}""", """{"phase":"turn","done":2,"total":20}""", """{"phase":"turn","done":3,"total":20}"""], agent.World.Statuses["run"]);
    }

    [Fact]
    public void RunAsync_ManyTurns_HistoryIsLinear()
    {
        agent.Tool = _ => After(1, new ToolReply { Ref = new ContentRef(new string('a', 64), 8_000) });
        agent.Model = asked => asked.Turn <= 100 ? agent.Call(asked, ("read", $$"""{"page":{{asked.Turn}}}""")) : agent.Say(asked, "Done.");
        List<long> bytes = [];
        agent.World.Activity(Core.Activities.ActivityReferences.StreamModel, call =>
        {
            bytes.Add(agent.World.Bytes["run"]);
            return agent.Model(new Asked(call.Input, [], call.Attempt));
        });

        var result = agent.Run(AgentFixture.Input with { MaxTurns = 200 });

        Assert.Equal(101, result.Turns);
        var perTurn = bytes.Zip(bytes.Skip(1), (before, after) => after - before).ToList();
        Assert.InRange(perTurn[^1], perTurn[1], perTurn[1] + 20);
        Assert.InRange(bytes[^1], 0, 200_000);
    }
}
