using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tests.Orchestrations.MapReduce;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations;

/// <summary>What each pattern does with the cache: its settings reach every call, and its result says what came from the cache.</summary>
public sealed class CachedPatternTests
{
    private readonly ScriptedWorld world = new();

    [Theory]
    [InlineData(3)]
    [InlineData(450)]
    public void ToolFanOut_AnswersFromTheCache_AreCachedBranchesInSlicesToo(int count)
    {
        world.Activity(ActivityReferences.CallTool, call => After(1, call.Input.Cache?.Tags is ["own"] ? new ToolReply { Value = JsonElement.Parse("2") } : Cached.Value("1")));
        var calls = string.Join(',', Enumerable.Range(0, count).Select(i => i == 1 ? """{"tool":"x","cache":{"tags":["own"]}}""" : """{"tool":"x"}"""));
        var result = world.RunJson("ToolFanOut", $$$"""{"calls":[{{{calls}}}],"cache":{"ttl":"00:01:00"}}""").Ended();
        var branches = result.GetProperty("branches").EnumerateArray().ToList();
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal((1, count - 1), (branches.Count(branch => branch.GetProperty("status").GetString() == "Succeeded"), branches.Count(branch => branch.GetProperty("status").GetString() == "Cached")));
        Assert.Equal(0.5m, branches[0].GetProperty("cache").GetProperty("saved").GetProperty("usd").GetDecimal());
        Assert.False(branches[1].TryGetProperty("cache", out _));
    }

    [Fact]
    public void MapReduce_Settings_ReachEveryCallAndAnswersFromTheCacheAreCounted()
    {
        var modes = new List<CacheMode?>();
        var documents = new MapReduceFixture(12)
        {
            Script = call =>
            {
                modes.Add(call.Input.Cache?.Mode);
                return call.Input.Parts[0].Chunk is { Index: < 5 } || call.Input.Model == "capable" ? After(1, Cached.Reply("kept")) : null;
            },
        };
        var result = documents.Run(MapReduceFixture.Input with { Cache = new() { Mode = CacheMode.Refresh } }).Ended();
        Assert.Equal((6, Cached.Note), (result.Cached, result.Cache!));
        Assert.Equal(Enumerable.Repeat<CacheMode?>(CacheMode.Refresh, 15), modes);
    }

    [Fact]
    public void MapReduce_InSlices_CountsThemAll()
    {
        var documents = new MapReduceFixture(500) { Script = call => call.Input.Parts[0].Chunk is not null ? After(1, Cached.Reply("kept")) : null };
        Assert.Equal(500, documents.Run().Ended().Cached);
    }

    [Fact]
    public void Pipeline_AnItemIsCached_WhereAllItsStagesWere()
    {
        var settings = new List<CacheSettings?>();
        world.Activity(ActivityReferences.ApplyTool, call =>
        {
            settings.Add(call.Input.Cache);
            var isKept = call.Input.Tool == "a" || call.Input.Item.Value!.Value.GetRawText() == "2";
            return After(1, new ItemReply(new ItemValue { Value = JsonElement.Parse("2") }, Cost.None, isKept && call.Input.IdempotencyKey!.Contains(":0:", StringComparison.Ordinal) ? Cached.Note : null));
        });
        world.Activity(ActivityReferences.CallModel, call =>
        {
            settings.Add(call.Input.Cache);
            return After(1, Cached.Reply("said"));
        });
        var result = world.RunJson("Pipeline", """{"items":[{"value":{}},{"value":{}}],"cache":{"tags":["all"]},"stages":[{"key":"a","tool":"a"},{"key":"b","tool":"b","cache":{"tags":["own"]},"arguments":{"x":{"$value":"item"}}},{"key":"m","model":"fast"}]}""").Ended();
        Assert.Equal(["Cached", "Succeeded"], result.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetString()));
        Assert.Equal([1, 1, 2], result.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("cached").GetInt32()));
        Assert.True(result.GetProperty("complete").GetBoolean());
        Assert.Equal(["all", "all", "own", "own", "all", "all"], settings.Select(it => it!.Tags[0]));
    }

    [Fact]
    public void SearchFusion_AKeptPlanThatCantBeRead_IsMadeAnew()
    {
        var asked = new List<CacheSettings?>();
        var searched = new List<CacheSettings?>();
        world.Activity(ActivityReferences.SearchSource, call =>
        {
            searched.Add(call.Input.Cache);
            return After(1, new SearchReply { Hits = [new SearchHit { Id = "a" }, new SearchHit { Id = "b" }], Cache = call.Input.Source.Name == "kept" ? Cached.Note : null });
        });
        world.Activity(ActivityReferences.CallModel, call =>
        {
            asked.Add(call.Input.Cache);
            var isAnew = call.Input.Cache!.Mode == CacheMode.Refresh;
            return After(1, call.Input.Purpose == ModelPurpose.Rank ? isAnew ? Cached.Fresh("2, 1") : Cached.Reply("first b") : isAnew ? Cached.Fresh("heat") : Cached.Reply("***"));
        });
        var result = world.RunJson("SearchFusion", """{"query":"wing","cache":{"tags":["t"]},"sources":[{"key":"k","kind":"Configured","name":"kept"},{"key":"s","kind":"Configured","name":"searched"}],"decompose":{},"rerank":{}}""").Ended();
        Assert.True(result.GetProperty("decomposed").GetBoolean());
        Assert.True(result.GetProperty("reranked").GetBoolean());
        Assert.Equal([CacheMode.Use, CacheMode.Refresh, CacheMode.Use, CacheMode.Refresh], asked.Select(it => it!.Mode));
        Assert.Equal([false, false, null, null], asked.Select(it => it!.Semantic));
        Assert.All(asked.Concat(searched), it => Assert.Equal("t", it!.Tags[0]));
        Assert.Equal(["Cached", "Succeeded"], result.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("status").GetString()));
    }

    [Fact]
    public void SearchFusion_AMadePlanThatCantBeRead_IsNotAskedForAgain()
    {
        world.Activity(ActivityReferences.SearchSource, _ => After(1, new SearchReply { Hits = [] }));
        world.Activity(ActivityReferences.CallModel, _ => After(1, Cached.Fresh("***")));
        world.RunJson("SearchFusion", """{"query":"wing","sources":[{"kind":"Configured","name":"x"}],"decompose":{}}""").Ended();
        Assert.Equal(1, world.Calls("CallModel"));
    }

    [Fact]
    public void Saga_Steps_AreNeverAnsweredFromTheCache()
    {
        var modes = new List<CacheMode?>();
        world.Activity(ActivityReferences.CallTool, call =>
        {
            modes.Add(call.Input.Cache?.Mode);
            return call.Input.Tool == "fails" ? Fails<ToolReply>(1, new PermanentFailureException("no")) : After(1, new ToolReply { Value = JsonElement.Parse("1") });
        });
        world.RunJson("Saga", """{"steps":[{"key":"a","tool":"x","compensation":{"tool":"undo"}},{"key":"b","tool":"fails"}]}""").Ended();
        Assert.Equal([CacheMode.Off, CacheMode.Off, CacheMode.Off], modes);
    }

    [Fact]
    public void Approval_Notices_AreNeverAnsweredFromTheCache()
    {
        var modes = new List<CacheMode?>();
        world.Activity(ActivityReferences.CallTool, call =>
        {
            modes.Add(call.Input.Cache?.Mode);
            return After(1, new ToolReply());
        });
        world.RunJson("Approval", """{"title":"Ship it?","notify":{"tool":"mail"},"expiry":{"after":"01:00:00"}}""");
        Assert.Equal([CacheMode.Off], modes.Distinct());
    }

    [Theory]
    [InlineData("ToolFanOut", """{"calls":[{"tool":"x","cache":{"ttl":"366.00:00:00"}}],"cache":{"ttl":"00:00:00.5"}}""", "cache.ttl", "calls[0].cache.ttl")]
    [InlineData("MapReduce", """{"task":"t","documents":[{"id":"d","text":"x"}],"cache":{"tags":[" "]}}""", "cache.tags[0]", null)]
    [InlineData("Ensemble", """{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"cache":{"promptVersion":""}}""", "cache.promptVersion", null)]
    [InlineData("SearchFusion", """{"query":"q","sources":[{"kind":"Configured","name":"x"}],"cache":{"ttl":"00:00:00"}}""", "cache.ttl", null)]
    [InlineData("SpeculativeRace", """{"prompt":"p","paths":[{"key":"a","model":"x","cache":{"ttl":"00:00:00"}}],"cache":{"ttl":"00:00:00"}}""", "cache.ttl", "paths[0].cache.ttl")]
    [InlineData("Pipeline", """{"items":[{"value":1}],"stages":[{"key":"a","model":"x","cache":{"ttl":"00:00:00"}}],"cache":{"ttl":"00:00:00"}}""", "cache.ttl", "stages[0].cache.ttl")]
    [InlineData("AgentLoop", """{"task":{"text":"t"},"cache":{"ttl":"00:00:00"}}""", "cache.ttl", null)]
    public void Validate_WrongSettings_AreNamedByTheirPaths(string orchestrator, string input, string first, string? second)
    {
        var errors = world.Catalog.Orchestrator(orchestrator).Validate(JsonElement.Parse(input), world.Json).ByPath;
        Assert.Equal(second is null ? [first] : [first, second], errors.Keys);
    }

    [Fact]
    public void FanOut_AValueWithANote_IsACachedBranch()
    {
        var run = world.Run(context => FanOut.RunAsync(context, [new BranchBody<ModelReply>("a", _ => Task.FromResult(Cached.Reply("x"))), new BranchBody<ModelReply>("b", _ => Task.FromResult(Cached.Fresh("x")))], new FanOutOptions { Quorum = Quorum.AtLeast(2) }));
        Assert.Equal([BranchStatus.Cached, BranchStatus.Succeeded], run.Ended().Select(branch => branch.Status));
    }
}
