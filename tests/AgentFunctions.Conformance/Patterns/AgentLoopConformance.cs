using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static AgentFunctions.Conformance.Patterns.ScriptedModels;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>An agent, on every host.</summary>
public abstract class AgentLoopConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    private static AgentLoopInput Input { get; } = new() { Task = new Content { Text = "Go." }, Tools = ["calculate", "echo"] };

    [Fact]
    public async Task AgentLoop_Example_CalculatesAndAnswers()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.AgentLoop, "agent-loop.json");

        Assert.Equal(AgentEnd.Answered, result.Reason);
        Assert.Equal(2, result.Turns);
        Assert.Equal("(17 + 4) * 2 = 42", result.Answer!.Text);
        Assert.Equal("calculate", Assert.Single(result.ToolCalls).Tool);
        Assert.NotNull(result.Notice);
    }

    [Fact]
    public async Task AgentLoop_ToolsThatFail_AreToldToTheModel()
    {
        await PatternHostAsync(services => services.AddSingleton<IModelCatalog>(Whole(messages => TurnOf(messages) == 1
            ? [Call("a", "calculate", """{"expression":"1 / 0"}"""), Call("b", "dig", "{}"), Call("c", "echo", """{"value":"yes"}"""), End("tool_calls")]
            : [Say(string.Join('|', messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result))), End()])));

        var result = await ResultAsync(OrchestratorReferences.AgentLoop, Input);

        var told = result.Answer!.Text!.Split('|');
        Assert.Contains("divides by zero", told[0], StringComparison.Ordinal);
        Assert.StartsWith("Error: There is no tool 'dig'.", told[1], StringComparison.Ordinal);
        Assert.Equal("\"yes\"", told[2]);
        Assert.Equal(1, result.Refused);
        Assert.Equal(30, result.Cost.InputTokens + result.Cost.OutputTokens);
    }

    [Fact]
    public async Task AgentLoop_Session_IsContinuedByTheNextRun()
    {
        await PatternHostAsync(services => services.AddSingleton<IModelCatalog>(Whole(messages => [Say($"{messages.Count(message => message.Role == ChatRole.User)} said."), End()])));

        await ResultAsync(OrchestratorReferences.AgentLoop, Input with { Session = "Sitting 1" });
        var second = await ResultAsync(OrchestratorReferences.AgentLoop, Input with { Session = "Sitting 1" });

        Assert.Equal("2 said.", second.Answer!.Text);
        Assert.Equal((1, 2, true), (second.Session!.StartedFrom, second.Session.Version, second.Session.Saved));
        var state = await Client.GetEntityStateAsync<SessionState>(EntityReferences.Session("Sitting 1"), Patience);
        Assert.Equal(second.Conversation, state!.Log[^1].Head);
    }

    [Fact]
    public async Task AgentLoop_ACallIsComplete_RunsWhileTheModelStillTalks()
    {
        var called = NewGate();
        await PatternHostAsync(services => services
            .AddSingleton<IRunClient>(_ => Client)
            .AddTool(new GatedEcho(called))
            .AddSingleton<IModelCatalog>(new ScriptedModels((messages, token) => TalkUntilCalledAsync(messages, called, token))));

        // The model ends only once the tool runs, and the tool only once the model has ended.
        var result = await ResultAsync(OrchestratorReferences.AgentLoop, Input with { Tools = ["gated"] });

        Assert.Equal("{\"value\":7}", result.Answer!.Text);
        Assert.Equal((1, 0), (result.EarlyStarts.Used, result.EarlyStarts.Unused));
    }

    [Fact]
    public async Task AgentLoop_TheSameWayEachTime_IsGuessed()
    {
        await PatternHostAsync();
        var input = Input with { Task = new Content { Text = "What is 6 * 7?" }, Agent = "counter", EarlyStart = false };
        for (var run = 1; run <= 3; run++)
        {
            Assert.Equal(0, (await ResultAsync(OrchestratorReferences.AgentLoop, input)).Speculation.Used);
            var seen = run;
            await UntilAsync(() => Client.GetEntityStateAsync<ToolHabits>(EntityReferences.ToolHabits("counter"), Patience), habits => habits?.Situations.Any(situation => situation.Seen == seen) == true, $"run {run} is learned");
        }

        var result = await ResultAsync(OrchestratorReferences.AgentLoop, input);

        Assert.Equal("6 * 7 = 42", result.Answer!.Text);
        Assert.Equal((1, 0), (result.Speculation.Used, result.Speculation.Unused));
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> TalkUntilCalledAsync(IReadOnlyList<ChatMessage> messages, Gate called, [EnumeratorCancellation] CancellationToken token)
    {
        if (TurnOf(messages) > 1)
        {
            yield return Say(messages[^1].Contents.OfType<FunctionResultContent>().Single().Result!.ToString()!);
            yield return End();
            yield break;
        }

        yield return Call("a", "gated", """{"value":7}""");
        await called.Entered.WaitAsync(token);
        yield return Say("I looked.");
        yield return End("tool_calls");
        called.Open();
    }

    /// <summary>Reads, once the gate is open.</summary>
    private sealed class GatedEcho(Gate gate) : Tool("gated", "Echoes.", """{"type":"object","properties":{"value":{"type":"integer"}},"required":["value"]}""", ToolEffect.ReadOnly)
    {
        protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
        {
            await gate.PassAsync(cancellationToken);
            return JsonElement.Parse($$"""{"value":{{arguments.Value("value").GetRawText()}}}""");
        }
    }
}
