using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

/// <summary>Graphs whose nodes may be answered from the cache.</summary>
public sealed class CachedGraphTests
{
    private readonly ScriptedWorld world = new();
    private readonly List<CacheSettings?> tools = [];
    private readonly List<CacheSettings?> models = [];

    public CachedGraphTests()
    {
        world.Activity(ActivityReferences.CallTool, call =>
        {
            tools.Add(call.Input.Cache);
            return After(1, call.Input.Tool == "kept" ? Cached.Value("1") : new ToolReply { Value = JsonElement.Parse($"{tools.Count}") });
        });
        world.Activity(ActivityReferences.CallModel, call =>
        {
            models.Add(call.Input.Cache);
            return After(1, Cached.Fresh("said"));
        });
    }

    [Fact]
    public void RunAsync_ANodeIsAnsweredFromTheCache_SaysSo()
    {
        var result = world.RunGraph("""{"nodes":[{"key":"a","tool":{"name":"kept"}},{"key":"b","tool":{"name":"made"}}],"edges":[{"from":"a","to":"b"}]}""").Ended();
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal("a Cached, b Succeeded", GraphFixture.Statuses(result));
        Assert.Equal(Cached.Note.Key, result.Node("a").GetProperty("cache").GetProperty("key").GetString());
        Assert.False(result.Node("b").TryGetProperty("cache", out _));
        Assert.EndsWith("\"nodes\":\"ss\",\"running\":[],\"failed\":[],\"approvals\":[]}", world.Statuses["run"][^1], StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_Settings_AreTheNodesOrElseTheGraphs()
    {
        world.RunGraph("""{"cache":{"tags":["all"]},"nodes":[{"key":"a","tool":{"name":"made"},"cache":{"mode":"Off"}},{"key":"b","tool":{"name":"made"}},{"key":"m","model":{"prompt":"Why?"}}]}""").Ended();
        Assert.Equal((CacheMode.Off, "all", "all"), (tools[0]!.Mode, tools[1]!.Tags[0], models[0]!.Tags[0]));
    }

    [Fact]
    public void RunAsync_ARepeat_IsAnsweredAnewFromTheSecondIterationOn()
    {
        const string Inner = """{"key":"inner","repeat":{"body":{"cache":{"tags":["inner"]},"nodes":[{"key":"c","tool":{"name":"made"}}]},"until":{"path":"c","op":"exists"}}}""";
        var result = world.RunGraph($$$$"""
            {"cache":{"tags":["all"]},"nodes":[{"key":"poll","repeat":{"maxIterations":2,
              "body":{"nodes":[{"key":"a","tool":{"name":"made"}},{"key":"b","tool":{"name":"made"},"cache":{"tags":["own"]}},{"key":"off","tool":{"name":"made"},"cache":{"mode":"Off"}},{{{{Inner}}}}]},
              "until":{"path":"a","op":"eq","value":999}}}]}
            """).Ended();
        Assert.Equal("poll Succeeded", GraphFixture.Statuses(result));
        string[] first = ["Use all", "Use own", "Off ", "Use inner"];
        string[] second = ["Refresh all", "Refresh own", "Off ", "Refresh inner"];
        Assert.Equal([.. first, .. second], tools.Select(settings => $"{settings!.Mode} {string.Join(',', settings.Tags)}"));
    }

    [Fact]
    public void RunAsync_ARepeatWithoutSettings_IsAnsweredAnewToo()
    {
        world.RunGraph("""{"nodes":[{"key":"poll","repeat":{"maxIterations":3,"body":{"nodes":[{"key":"a","tool":{"name":"made"}}]},"until":{"path":"a","op":"eq","value":999}}}]}""").Ended();
        Assert.Equal([null, CacheMode.Refresh, CacheMode.Refresh], tools.Select(settings => settings?.Mode));
    }

    [Theory]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"x"}}],"cache":{"ttl":"00:00:00"}}""", "cache.ttl")]
    [InlineData("""{"nodes":[{"key":"a","tool":{"name":"x"},"cache":{"tags":[""]}}]}""", "nodes[0].cache.tags[0]")]
    [InlineData("""{"nodes":[{"key":"a","condition":{"path":"x","op":"exists"},"cache":{}}],"state":{"x":1}}""", "nodes[0].cache")]
    [InlineData("""{"nodes":[{"key":"p","repeat":{"body":{"nodes":[{"key":"a","tool":{"name":"x"}}],"cache":{"ttl":"00:00:00"}},"until":{"path":"a","op":"exists"}}}]}""", "nodes[0].repeat.body.cache.ttl")]
    public void Validate_WrongSettings_AreNamedByTheirPaths(string input, string path) =>
        Assert.Contains(path, world.Catalog.Orchestrator("TaskGraph").Validate(JsonElement.Parse(input), world.Json).ByPath.Keys);
}
