using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.Ensemble;
using AgentFunctions.Core.Policies.Voting;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Ensemble;

/// <summary>Ensembles whose answers may come from the cache: members stay independent, and what would not do is asked for anew.</summary>
public sealed class CachedEnsembleTests
{
    private readonly ScriptedWorld world = new();
    private readonly List<ModelCall> calls = [];
    private Func<ModelCall, ModelReply> model = _ => Cached.Fresh("yes");

    public CachedEnsembleTests() => world.Activity(ActivityReferences.CallModel, call =>
    {
        calls.Add(call.Input);
        return After(10, model(call.Input));
    });

    [Fact]
    public void RunAsync_MembersThatAreToldTheSame_HaveASampleEachWhateverTheirModels()
    {
        Run(Input(Member("a", "fast"), Member("b", "fast"), Member("c", "balanced"), Member("d", "fast", instructions: "As a lawyer."), Member("e", "fast", temperature: 0)));
        Assert.Equal([1, 2, 3, null, null], calls.Select(call => call.Sample));
    }

    [Fact]
    public void RunAsync_MembersThatAreSampledOnPurpose_AreNumberedOnlyWhereTheCacheIsAskedFor()
    {
        var input = Input(Member("a", "fast", temperature: 1), Member("b", "fast", temperature: 1), Member("c", "fast", temperature: 0.5f));
        Run(input);
        Run(input with { Cache = new() });
        Assert.Equal([null, null, null, 1, 2, 1], calls.Select(call => call.Sample));
    }

    [Fact]
    public void RunAsync_TheWinnerIsFromTheCache_TheResultSaysSo()
    {
        model = call => call.Sample == 1 ? Cached.Reply("yes", Cached.Semantic) : Cached.Fresh("yes");
        var result = Run(Input(Member("a", "fast"), Member("b", "fast")));
        Assert.Equal(("a", Cached.Semantic), (result.Winner, result.Cache!));
        Assert.Equal([(BranchStatus.Cached, Cached.Semantic), (BranchStatus.Succeeded, null)], result.Members.Select(member => (member.Status, member.Cache)));
        Assert.Equal(new Cost(2, 1, 0.5m), result.Cost);
    }

    [Fact]
    public void RunAsync_AKeptAnswerCastsNoVote_IsAskedAnewOnce()
    {
        model = call => call.Cache?.Mode == CacheMode.Refresh ? Cached.Fresh("A") : call.Sample == 1 ? Cached.Reply("neither") : Cached.Fresh("neither");
        var result = Run(Input(Member("a", "fast"), Member("b", "fast")) with { Extract = new AnswerExtraction { Labels = ["A", "B"] } });
        Assert.Equal(3, calls.Count);
        Assert.Equal(("a", "A"), (result.Winner, result.Answer));
        Assert.Equal(["b"], result.Agreement.Unclear!);
    }

    [Fact]
    public void RunAsync_TheJudgesReplyIsNotValid_TheSecondIsMadeAnew()
    {
        model = call => call.Purpose != ModelPurpose.Judge ? Cached.Fresh(call.Sample == 1 ? "x" : "y") : call.Cache?.Mode == CacheMode.Refresh ? Cached.Fresh("1") : Cached.Reply("hm");
        var result = Run(Input(Member("a", "fast"), Member("b", "fast")) with { Method = EnsembleMethod.Judge, Cache = new() { Tags = ["t"] } });
        Assert.Equal(EnsembleDecision.Judge, result.DecidedBy);
        Assert.Equal([CacheMode.Use, CacheMode.Refresh], calls.Where(call => call.Purpose == ModelPurpose.Judge).Select(call => call.Cache!.Mode));
        Assert.All(calls, call => Assert.Equal("t", call.Cache!.Tags[0]));
    }

    private static EnsembleMember Member(string key, string model, string? instructions = null, float? temperature = null) => new() { Key = key, Model = model, Instructions = instructions, Temperature = temperature };

    private static EnsembleInput Input(params EnsembleMember[] members) => new() { Prompt = "Is it?", Members = members };

    private EnsembleResult Run(EnsembleInput input) => world.Run(OrchestratorReferences.Ensemble, input).Ended();
}
