using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.AgentLoop;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentSessionTests
{
    private static readonly AgentLoopInput Input = AgentFixture.Input with { Session = "s-1" };
    private readonly AgentFixture agent = new();

    public AgentSessionTests() => agent.Model = asked => agent.Say(asked, $"Answer {asked.Messages.Count}.");

    [Fact]
    public void RunAsync_ASession_IsContinued()
    {
        var first = agent.Run(Input);
        var second = agent.Run(Input);

        Assert.Equal((0, 1, true), (first.Session!.StartedFrom, first.Session.Version, first.Session.Saved));
        Assert.Equal((1, 2, true), (second.Session!.StartedFrom, second.Session.Version, second.Session.Saved));
        Assert.Equal(["Find it.", "Answer 1.", "Find it.", "Answer 3."], agent.Conversation(second.Conversation).Select(message => message.Content!.Text));
        Assert.Equal([first.Conversation, second.Conversation], agent.World.EntityState<SessionState>(EntityReferences.Session("s-1"))!.Log.Select(entry => entry.Head));
    }

    [Fact]
    public void RunAsync_AnotherRunCameFirst_LosesNeitherAndSaysSo()
    {
        var other = Core.Durable.ContentRef.Of("other"u8);
        agent.Model = asked =>
        {
            agent.World.Apply(EntityReferences.Session("s-1"), "append", Core.Serialization.DurableJson.Write(new SessionAppend(0, other, "other-run"), agent.World.Json));
            return agent.Say(asked, "Mine.");
        };

        var result = agent.Run(Input);

        Assert.Equal(AgentEnd.Answered, result.Reason);
        Assert.Equal((0, 1, false), (result.Session!.StartedFrom, result.Session.Version, result.Session.Saved));
        Assert.Equal(other, result.Session.ConflictingHead);
        Assert.Equal("Mine.", agent.Conversation(result.Conversation)[^1].Content!.Text);
        Assert.Equal([other], agent.World.EntityState<SessionState>(EntityReferences.Session("s-1"))!.Log.Select(entry => entry.Head));
    }

    [Fact]
    public void RunAsync_EndedByALimit_IsSavedWithEveryCallAnswered()
    {
        agent.Model = asked => agent.Call(asked, ("read", "{}"));
        agent.Run(Input with { MaxTurns = 1 });
        agent.Model = asked => agent.Say(asked, "Done.");

        var result = agent.Run(Input);

        Assert.Equal(
            [ConversationRole.User, ConversationRole.Assistant, ConversationRole.Tool, ConversationRole.User, ConversationRole.Assistant],
            agent.Conversation(result.Conversation).Select(message => message.Role));
    }

    [Fact]
    public void RunAsync_AFilteredAnswer_IsNotSaved()
    {
        agent.Model = asked => agent.Say(asked, "Ugly.", reason: "content_filter");

        var result = agent.Run(Input);

        Assert.False(result.Session!.Saved);
        Assert.Equal(0, result.Session.Version);
    }

    [Fact]
    public void RunAsync_NoSession_HasNone() => Assert.Null(agent.Run().Session);
}
