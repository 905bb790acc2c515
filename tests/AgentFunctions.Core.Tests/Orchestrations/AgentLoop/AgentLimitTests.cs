using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentLimitTests
{
    private readonly AgentFixture agent = new();

    public AgentLimitTests() => agent.Model = asked => agent.Reply(asked, $"Turn {asked.Turn}.", [agent.Named("read", $$"""{"turn":{{asked.Turn}}}""")]);

    [Fact]
    public void RunAsync_TurnLimit_RunsNoToolsAnyMoreAndAnswersThem()
    {
        var result = agent.Run(AgentFixture.Input with { MaxTurns = 3 });

        Assert.Equal(AgentEnd.TurnLimit, result.Reason);
        Assert.Equal(3, result.Turns);
        Assert.Equal(2, agent.ToolCalls.Count);
        Assert.Equal(1, result.Refused);
        Assert.Equal("Turn 3.", result.Answer!.Text);
        AssertEveryCallIsAnswered(result);
    }

    [Theory]
    [InlineData(110, 1)]
    [InlineData(219, 1)]
    [InlineData(220, 2)]
    [InlineData(330, 3)]
    public void RunAsync_TokenLimit_EndsBeforeATurnThatWouldGoBeyond(long limit, int turns)
    {
        // A turn takes 110 tokens.
        var result = agent.Run(AgentFixture.Input with { MaxTokens = limit });

        Assert.Equal(AgentEnd.TokenLimit, result.Reason);
        Assert.Equal(turns, result.Turns);
        Assert.Equal(turns - 1, agent.ToolCalls.Count);
        AssertEveryCallIsAnswered(result);
    }

    [Theory]
    [InlineData("0.01", 1)]
    [InlineData("0.02", 2)]
    [InlineData("0.025", 3)]
    public void RunAsync_CostLimit_EndsWhenItIsSpent(string limit, int turns)
    {
        var result = agent.Run(AgentFixture.Input with { MaxCostUsd = decimal.Parse(limit, System.Globalization.CultureInfo.InvariantCulture) });

        Assert.Equal(AgentEnd.CostLimit, result.Reason);
        Assert.Equal(turns, result.Turns);
        AssertEveryCallIsAnswered(result);
    }

    [Fact]
    public void RunAsync_TimeIsUpWhileToolsRun_GivesThemUp()
    {
        agent.Tool = call => call.Input.Arguments!.Value.GetProperty("turn").GetInt32() == 2 ? Never<ToolReply>() : After(100, new ToolReply());

        var (result, elapsed) = agent.Timed(AgentFixture.Input with { MaxDuration = TimeSpan.FromSeconds(5) });

        Assert.Equal(AgentEnd.TimeLimit, result.Reason);
        Assert.Equal(2, result.Turns);
        Assert.InRange(elapsed, 5000, 5010);
        AssertEveryCallIsAnswered(result);
        Assert.Contains("time was up", agent.Conversation(result.Conversation)[^1].Content!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_TimeIsUpWhileTheModelAnswers_WaitsForWhatIsPaid()
    {
        agent.Model = asked => agent.Say(asked, "Late.", milliseconds: 8000);

        var (result, elapsed) = agent.Timed(AgentFixture.Input with { MaxDuration = TimeSpan.FromSeconds(5) });

        Assert.Equal(AgentEnd.Answered, result.Reason);
        Assert.Equal("Late.", result.Answer!.Text);
        Assert.InRange(elapsed, 8000, 8010);
    }

    [Fact]
    public void RunAsync_TheModelHangs_EndsAfterTheGrace()
    {
        agent.Model = asked => asked.Turn == 1 ? agent.Reply(asked, "Turn 1.", [agent.Named("read", "{}")]) : Never<ChatReply>();

        var (result, elapsed) = agent.Timed(AgentFixture.Input with { MaxDuration = TimeSpan.FromSeconds(5) });

        Assert.Equal(AgentEnd.TimeLimit, result.Reason);
        Assert.Equal("Turn 1.", result.Answer!.Text);
        Assert.InRange(elapsed, 305_000, 305_010);
        AssertEveryCallIsAnswered(result);
    }

    [Fact]
    public void RunAsync_TheModelFailsNearTheDeadline_IsNotAskedAgain()
    {
        agent.Model = _ => Fails<ChatReply>(4999, new IOException("Away."));

        var run = agent.Start(AgentFixture.Input with { MaxDuration = TimeSpan.FromMilliseconds(5001) });

        Assert.Equal("Away.", run.Failure!.Message);
        Assert.Single(agent.AskedFor);
    }

    [Theory]
    [InlineData("length", AgentEnd.Length)]
    [InlineData("content_filter", AgentEnd.ContentFiltered)]
    public void RunAsync_AnswerIsCut_SaysSoAndRunsNothing(string reason, AgentEnd end)
    {
        agent.Model = asked => agent.Reply(asked, "Half an ans", [agent.Named("read", "{}")], reason: reason);

        var result = agent.Run();

        Assert.Equal(end, result.Reason);
        Assert.Equal("Half an ans", result.Answer!.Text);
        Assert.Empty(agent.ToolCalls);
        AssertEveryCallIsAnswered(result);
    }

    private void AssertEveryCallIsAnswered(AgentLoopResult result)
    {
        var messages = agent.Conversation(result.Conversation);
        Assert.Equal(messages.SelectMany(message => message.ToolCalls ?? []).Select(call => call.Id), messages.Where(message => message.Role == ConversationRole.Tool).Select(message => message.ToolCallId!));
    }
}
