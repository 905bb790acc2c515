using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.AgentLoop;

/// <summary>Agents whose turns and tools may be answered from the cache.</summary>
public sealed class CachedAgentTests
{
    private readonly AgentFixture agent = new();
    private readonly List<(string Call, CacheMode Mode)> calls = [];

    public CachedAgentTests() => agent.Tool = call =>
    {
        calls.Add(($"{call.Input.Tool} {call.Input.Arguments!.Value.GetRawText()}", call.Input.Cache?.Mode ?? CacheMode.Use));
        return After(10, new ToolReply { Value = call.Input.Arguments });
    };

    [Fact]
    public void RunAsync_AModelThatPolls_IsToldWhatIsSoNow()
    {
        agent.Model = asked => asked.Turn switch
        {
            1 => agent.Call(asked, ("read", """{"id":1,"x":2}"""), ("read", """{"id":2}""")),
            2 => agent.Call(asked, ("read", """{"x":2,"id":1}"""), ("read", """{"id":3}"""), ("write", """{"id":2}""")),
            3 => agent.Call(asked, ("read", """{"id":3}""")),
            _ => agent.Say(asked, "Done."),
        };
        agent.Run(AgentFixture.Input with { Speculate = false });
        Assert.Equal(
            [CacheMode.Use, CacheMode.Use, CacheMode.Refresh, CacheMode.Use, CacheMode.Use, CacheMode.Refresh],
            calls.Select(call => call.Mode));
    }

    [Fact]
    public void RunAsync_ACallThatStartsEarly_IsMadeAnewToo()
    {
        agent.Model = asked =>
        {
            var scripted = asked.Turn <= 2 ? agent.Call(asked, ("read", """{"id":1}""")) : agent.Say(asked, "Done.");
            if (asked.Turn == 2) agent.World.RaiseAt(100, asked.Call.ToolCallEvent!, System.Text.Json.JsonSerializer.Serialize(scripted.Value!.ToolCalls[0], System.Text.Json.JsonSerializerOptions.Web));
            return scripted;
        };
        var result = agent.Run(AgentFixture.Input with { Speculate = false });
        Assert.Equal(1, result.EarlyStarts.Used);
        Assert.Equal([CacheMode.Use, CacheMode.Refresh], calls.Select(call => call.Mode));
    }

    [Fact]
    public void RunAsync_Settings_GoToModelsAndTools()
    {
        agent.Model = asked => asked.Turn <= 2 ? agent.Call(asked, ("read", "{}")) : agent.Say(asked, "Done.");
        agent.Run(AgentFixture.Input with { Speculate = false, Cache = new() { Mode = CacheMode.Off } });
        Assert.All(agent.AskedFor, asked => Assert.Equal(CacheMode.Off, asked.Call.Cache!.Mode));
        Assert.All(calls, call => Assert.Equal(CacheMode.Off, call.Mode));
    }

    [Fact]
    public void RunAsync_AnswersFromTheCache_AreCounted()
    {
        agent.Tool = _ => After(1, Cached.Value("1"));
        agent.Model = asked =>
        {
            var scripted = asked.Turn == 1 ? agent.Call(asked, ("read", "{}")) : agent.Say(asked, "Done.");
            return scripted with { Value = scripted.Value! with { Cache = Cached.Note, Cost = Cost.None } };
        };
        var result = agent.Run();
        Assert.Equal((2, Cached.Note, Cost.None), (result.CachedTurns, result.Cache!, result.Cost));
        Assert.Equal((1, 1, 0), (result.ToolCalls[0].Calls, result.ToolCalls[0].Cached, result.ToolCalls[0].Failed));
    }

    [Fact]
    public void RunAsync_MoreCallsThanAreRemembered_AreMadeAnew()
    {
        const int Turns = 22;
        agent.Model = asked => asked.Turn < Turns ? agent.Call(asked, [.. Enumerable.Range(0, 100).Select(i => ("read", $$"""{"i":{{(asked.Turn * 100) + i}}}"""))]) : agent.Say(asked, "Done.");
        agent.Run(AgentFixture.Input with { Speculate = false, MaxTurns = Turns });
        Assert.Equal(AgentTools.MostRemembered, calls.Count(call => call.Mode == CacheMode.Use));
        Assert.All(calls.Skip(AgentTools.MostRemembered), call => Assert.Equal(CacheMode.Refresh, call.Mode));
        Assert.Equal(2100, calls.Count);
    }
}
