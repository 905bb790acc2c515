using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

public sealed class AgentSpeculationTests
{
    private static readonly AgentLoopInput Input = AgentFixture.Input with { Agent = "finder", EarlyStart = false };
    private readonly AgentFixture agent = new();
    private int file;

    public AgentSpeculationTests()
    {
        agent.Tool = call => After(1000, new ToolReply { Value = System.Text.Json.JsonElement.Parse($$"""{"file":"f{{file}}.txt"}"""), Cost = new Cost(0, 0, 0.25m) });
        agent.Model = Workflow;
    }

    [Fact]
    public void RunAsync_ARepeatedWorkflow_GetsFaster()
    {
        var runs = Enumerable.Range(1, 5).Select(i =>
        {
            file = i;
            return agent.Timed(Input);
        }).ToList();

        // Three turns of the model of 1 s, two tools of 1 s: the tools disappear behind the model.
        Assert.All(runs.Take(3), run => Assert.InRange(run.Milliseconds, 5000, 5010));
        Assert.All(runs.Skip(3), run => Assert.InRange(run.Milliseconds, 3000, 3010));
        Assert.Equal([0, 0, 0, 2, 2], runs.Select(run => run.Result.Speculation.Used));
        Assert.All(runs, run => Assert.Equal(0, run.Result.Speculation.Unused));
        Assert.Equal(10, agent.ToolCalls.Count);
        Assert.Equal("read {\"path\":\"f5.txt\"}", agent.ToolCalls[^1]);
    }

    [Fact]
    public void RunAsync_WithAndWithoutGuesses_ConversationsAreTheSameByteForByte()
    {
        var with = new AgentSpeculationTests();
        var without = new AgentSpeculationTests();
        for (var i = 1; i <= 5; i++)
        {
            (with.file, without.file) = (i, i);

            // The last run goes another way, so that its guess is wrong.
            if (i == 5) (with.agent.Model, without.agent.Model) = (with.Detour, without.Detour);
            var guessing = with.agent.Run(Input);
            var waiting = without.agent.Run(Input with { Speculate = false });
            Assert.Equal(without.agent.Stored(waiting.Conversation), with.agent.Stored(guessing.Conversation));
            Assert.Equal(waiting.Conversation, guessing.Conversation);
            Assert.Equal(i < 4 ? (0, 0) : i == 4 ? (2, 0) : (0, 1), (guessing.Speculation.Used, guessing.Speculation.Unused));
        }
    }

    [Fact]
    public void RunAsync_AWrongGuess_IsCountedWithItsCost()
    {
        for (var i = 0; i < 3; i++) agent.Run(Input);
        agent.Model = Detour;
        agent.ToolCalls.Clear();

        var result = agent.Run(Input);

        // The guess ends with the model's call, at the same moment: it has cost something by then.
        Assert.Equal(1, result.Speculation.Unused);
        Assert.Equal(["read {\"query\":\"Find it.\"}", "send {\"to\":\"me\"}"], agent.ToolCalls);
        Assert.Equal(0.02m + 0.25m + result.Speculation.Cost.Usd, result.Cost.Usd);
    }

    [Fact]
    public void RunAsync_AGuessThatFails_IsNotHeldAgainstTheCall()
    {
        for (var i = 0; i < 3; i++) agent.Run(Input);
        agent.Tool = call => call.Label!.Contains("guess", StringComparison.Ordinal)
            ? Fails<ToolReply>(10, new PermanentFailureException("Not yet."))
            : After(1000, new ToolReply { Value = System.Text.Json.JsonElement.Parse("""{"file":"g.txt"}""") });

        var result = agent.Run(Input);

        Assert.Equal("It says g.txt.", result.Answer!.Text);
        Assert.Equal(0, result.ToolCalls[0].Failed);
    }

    [Theory]
    [InlineData(ToolEffect.Idempotent)]
    [InlineData(ToolEffect.Unsafe)]
    public void RunAsync_AToolThatChangesSomething_IsNeverGuessed(ToolEffect effect)
    {
        agent.Effects["read"] = effect;
        for (var i = 0; i < 6; i++) Assert.Equal((0, 0), (agent.Run(Input).Speculation.Used, agent.Run(Input).Speculation.Unused));
    }

    [Fact]
    public void RunAsync_WithoutSpeculation_NothingIsLearned()
    {
        agent.Run(Input with { Speculate = false });

        Assert.Null(agent.World.EntityState<ToolHabits>(EntityReferences.ToolHabits("finder")));
    }

    [Fact]
    public void RunAsync_NoName_LearnsByInstructionsAndTools()
    {
        for (var i = 0; i < 3; i++) agent.Run(Input with { Agent = null });

        Assert.Equal(0, agent.Run(Input with { Agent = null, Instructions = "Other." }).Speculation.Used);
        Assert.Equal(2, agent.Run(Input with { Agent = null, Tools = ["send", "write", "read"] }).Speculation.Used);
    }

    [Fact]
    public void RunAsync_AModelThatRepeatsItself_IsLearnedWithinOneRun()
    {
        agent.Model = asked => asked.Turn <= 8 ? agent.Call(asked, ("read", """{"poll":true}""")) : agent.Say(asked, "Done.");

        Assert.InRange(agent.Run(Input).Speculation.Used, 4, 8);
    }

    // Search with the task's own words, read the file that was found, answer.
    private Core.Tests.Orchestrations.Scripting.Scripted<Core.Models.Conversations.ChatReply> Workflow(Asked asked) => asked.Turn switch
    {
        1 => agent.Call(asked, ("read", """{"query":"Find it."}""")),
        2 => agent.Call(asked, ("read", $$$"""{ "path":{{{System.Text.Json.JsonElement.Parse(AgentFixture.Answers(asked)[0]).GetProperty("file").GetRawText()}}} }""")),
        _ => agent.Say(asked, $"It says {System.Text.Json.JsonElement.Parse(AgentFixture.Answers(asked)[0]).GetProperty("file").GetString()}."),
    };

    private Core.Tests.Orchestrations.Scripting.Scripted<Core.Models.Conversations.ChatReply> Detour(Asked asked) =>
        asked.Turn == 1 ? agent.Call(asked, ("send", """{"to":"me"}""")) : agent.Say(asked, "Sent.");
}
