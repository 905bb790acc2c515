using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.SpeculativeRace;

/// <summary>Races with a path that asks only the cache, and answers that the cache has kept.</summary>
public sealed class CachedRaceTests
{
    private static readonly CacheSettings Only = new() { Mode = CacheMode.Only };
    private readonly ScriptedWorld world = new();
    private readonly List<ModelCall> calls = [];
    private Func<ModelCall, Scripted<ModelReply>> model = call => After(100, Cached.Fresh($"{call.Model} says so"));

    public CachedRaceTests() => world.Activity(ActivityReferences.CallModel, call =>
    {
        calls.Add(call.Input);
        return model(call.Input);
    });

    [Fact]
    public void RunAsync_TheCacheHasAnAnswer_WinsAndNobodyElseStarts()
    {
        model = _ => After(3, Cached.Reply("kept", Cached.Semantic));
        var result = Run(Race()).Ended();
        Assert.Equal(("cache", "kept", Cached.Semantic), (result.Winner, result.Answer, result.Cache!));
        Assert.Equal([BranchStatus.Cached, BranchStatus.Skipped, BranchStatus.Skipped], result.Paths.Select(path => path.Status));
        Assert.Equal((Cost.None, Cost.None, Cached.Semantic), (result.Cost, result.Wasted, result.Paths[0].Cache!));
        Assert.Single(calls);
    }

    [Fact]
    public void RunAsync_TheCacheHasNone_IsNoFailureAndTheNextStartsAtOnce()
    {
        Misses();
        var run = Run(Race());
        var result = run.Ended();
        Assert.Equal(("small", "fast says so", 103d), (result.Winner, result.Answer, run.Elapsed.TotalMilliseconds));
        Assert.Equal([BranchStatus.Skipped, BranchStatus.Succeeded, BranchStatus.Skipped], result.Paths.Select(path => path.Status));
        Assert.Equal((0d, 3d, null), (result.Paths[0].Started!.Value.TotalMilliseconds, result.Paths[0].Elapsed.TotalMilliseconds, result.Paths[0].Error));
        Assert.Null(result.Cache);
        Assert.Equal(Cost.None, result.Wasted);
    }

    [Fact]
    public void RunAsync_TheCacheHasNoneAndAllFail_TellsOfTheModelsOnly()
    {
        model = call => call.Cache?.Mode == CacheMode.Only ? Fails<ModelReply>(1, new CacheMissException("There is none.")) : Fails<ModelReply>(10, new PermanentFailureException($"{call.Model} is down."));
        var failure = Run(Race()).Failure!;
        Assert.Equal(("AllPathsFailed", true), (failure.Type, failure.Permanent));
        Assert.DoesNotContain("cache", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("fast is down.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_AMissWhereTheCacheWasNotAskedOnly_IsAFailure()
    {
        model = call => call.Model == "fast" ? Fails<ModelReply>(1, new CacheMissException("odd")) : After(1, Cached.Fresh("fine"));
        var result = Run(new() { Prompt = "Why?", Paths = [new() { Key = "a", Model = "fast" }, new() { Key = "b", Model = "capable", StartAfter = TimeSpan.FromSeconds(1) }] }).Ended();
        Assert.Equal(BranchStatus.Failed, result.Paths[0].Status);
    }

    [Fact]
    public void RunAsync_AKeptAnswerIsNotValid_TheModelIsAskedAnew()
    {
        model = call => call.Cache?.Mode == CacheMode.Refresh ? After(50, Cached.Fresh("a long answer")) : After(2, Cached.Reply("no"));
        var result = Run(new() { Prompt = "Why?", Accept = new() { MinLength = 5 }, Paths = [new() { Key = "a", Model = "fast" }] }).Ended();
        Assert.Equal(("a long answer", null, BranchStatus.Succeeded), (result.Answer, result.Cache, result.Paths[0].Status));
        Assert.Equal([null, CacheMode.Refresh], calls.Select(call => call.Cache?.Mode));
    }

    [Fact]
    public void RunAsync_AKeptAnswerOfTheCachesOwnPathIsNotValid_OnlyThatPathFails()
    {
        model = call => call.Cache?.Mode == CacheMode.Only ? After(2, Cached.Reply("no")) : After(50, Cached.Fresh("a long answer"));
        var result = Run(Race() with { Accept = new() { MinLength = 5 } }).Ended();
        Assert.Equal([BranchStatus.Failed, BranchStatus.Succeeded, BranchStatus.Skipped], result.Paths.Select(path => path.Status));
        Assert.Equal([CacheMode.Only, null], calls.Select(call => call.Cache?.Mode));
    }

    [Fact]
    public void RunAsync_AnInvalidAnswerThatWasMade_IsNotAskedForAgain()
    {
        model = _ => After(2, Cached.Fresh("no"));
        Assert.Equal("AllPathsFailed", Run(new() { Prompt = "Why?", Accept = new() { MinLength = 5 }, Paths = [new() { Key = "a", Model = "fast" }] }).Failure!.Type);
        Assert.Single(calls);
    }

    [Fact]
    public void RunAsync_Settings_AreThePathsOrElseTheInputs()
    {
        var own = new CacheSettings { Tags = ["own"] };
        var all = new CacheSettings { Tags = ["all"] };
        Run(new() { Prompt = "Why?", Cache = all, Paths = [new() { Key = "a", Model = "fast", Cache = own }, new() { Key = "b", Model = "capable" }] }).Ended();
        Assert.Equal(["own", "all"], calls.Select(call => call.Cache!.Tags[0]));
    }

    [Fact]
    public void Validate_NobodyWouldBeAsked_IsRefused()
    {
        var errors = new InputErrors();
        new SpeculativeRaceOrchestrator().Validate(new() { Prompt = "p", Cache = Only, Paths = [new() { Key = "a", Model = "fast", Cache = Only }] }, errors);
        Assert.Equal(["cache.mode", "paths"], errors.ByPath.Keys.Order(StringComparer.Ordinal));
    }

    private static SpeculativeRaceInput Race() => new()
    {
        Prompt = "How do I?",
        Paths =
        [
            new() { Key = "cache", Model = "capable", Cache = Only },
            new() { Key = "small", Model = "fast", StartAfter = TimeSpan.FromMilliseconds(50) },
            new() { Key = "full", Model = "capable", StartAfter = TimeSpan.FromMilliseconds(200) },
        ],
    };

    private void Misses()
    {
        var asked = model;
        model = call => call.Cache?.Mode == CacheMode.Only ? Fails<ModelReply>(3, new CacheMissException("There is none.")) : asked(call);
    }

    private ScriptedRun<SpeculativeRaceResult> Run(SpeculativeRaceInput input) => world.Run(OrchestratorReferences.SpeculativeRace, input);
}
