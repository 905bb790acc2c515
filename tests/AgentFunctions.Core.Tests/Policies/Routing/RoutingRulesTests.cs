using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Routing;

public sealed class RoutingRulesTests
{
    private static readonly RoutingRules Rules = new()
    {
        Targets = [new("fast", "small", 0, IsTier: true, 1000), new("balanced", "middle", 1, IsTier: true, 200_000), new("capable", "big", 2, IsTier: true, 1_000_000), new("small", "small", 0, IsTier: false, 1000), new("middle", "middle", 1, IsTier: false), new("big", "big", 2, IsTier: false), new("spare", "spare", 0, IsTier: false)],
    };

    [Theory]
    [InlineData(ModelPurpose.Answer, 0.1, "fast: complexity 0.10")]
    [InlineData(ModelPurpose.Answer, 0.14, "balanced: complexity 0.14")]
    [InlineData(ModelPurpose.Answer, 0.399, "balanced: complexity 0.40")]
    [InlineData(ModelPurpose.Answer, 0.4, "capable: complexity 0.40")]
    [InlineData(ModelPurpose.Summarize, 0.9, "fast: purpose Summarize")]
    [InlineData(ModelPurpose.Combine, 0.9, "balanced: purpose Combine")]
    [InlineData(ModelPurpose.Classify, 0.9, "fast: purpose Classify")]
    [InlineData(ModelPurpose.Rank, 0.9, "fast: purpose Rank")]
    [InlineData(ModelPurpose.Judge, 0.9, "fast: purpose Judge")]
    public void Decide_Auto_ByComplexityWhereItIsAnAnswerElseByPurpose(ModelPurpose purpose, double complexity, string first) =>
        Assert.Equal(first, First(Rules.Decide(new RouteRequest("auto", purpose, 100, Complexity: complexity))));

    [Theory]
    [InlineData(RoutingStrategy.Rules, null, "balanced: purpose Answer")]
    [InlineData(RoutingStrategy.Model, "capable", "capable: a model was asked how hard it is")]
    [InlineData(RoutingStrategy.Model, null, "balanced: purpose Answer")]
    public void Decide_OtherStrategies_ByRuleOrSuggestion(RoutingStrategy strategy, string? suggested, string first) =>
        Assert.Equal(first, First((Rules with { Strategy = strategy }).Decide(new RouteRequest("AUTO", ModelPurpose.Answer, 100, Complexity: 0.9, SuggestedTier: suggested))));

    [Fact]
    public void Decide_PurposesSet_AreFollowedAndTheRestIsTheDefault()
    {
        var rules = Rules with { Purposes = new Dictionary<ModelPurpose, string> { [ModelPurpose.Judge] = "capable" } };
        Assert.Equal("capable: purpose Judge", First(rules.Decide(new RouteRequest("auto", ModelPurpose.Judge, 1))));
        Assert.Equal("fast: purpose Rank", First(rules.Decide(new RouteRequest("auto", ModelPurpose.Rank, 1))));
    }

    [Theory]
    [InlineData(15_999, "balanced: purpose Classify, but some 15999 tokens and the answer do not fit into the 1000 of 'small'")]
    [InlineData(16_000, "balanced: purpose Classify, and a prompt of some 16000 tokens, balanced from 16000 on")]
    [InlineData(99_999, "balanced: purpose Classify, and a prompt of some 99999 tokens, balanced from 16000 on")]
    [InlineData(100_000, "capable: purpose Classify, and a prompt of some 100000 tokens, capable from 100000 on")]
    public void Decide_LongPrompt_RaisesTheTier(long tokens, string first) => Assert.Equal(first, First(Rules.Decide(new RouteRequest("auto", ModelPurpose.Classify, tokens))));

    [Theory]
    [InlineData(600, 400, "fast")]
    [InlineData(601, 400, "balanced")]
    [InlineData(1_000_000, 400, "capable")] // Too long for all: the largest is asked, and the provider has the last word.
    public void Decide_Window_CountsPromptAndAnswer(long prompt, long answer, string tier) => Assert.Equal(tier, Rules.Decide(new RouteRequest("auto", ModelPurpose.Classify, prompt, answer)).Candidates[0].Target.Name);

    [Fact]
    public void Decide_Window_StandInsAndHigherTiersThatAreTooSmallAreLeftOut()
    {
        var decision = Rules.Decide(new RouteRequest("auto", ModelPurpose.Combine, 1001));
        Assert.Equal(["balanced", "capable"], Names(decision.Candidates));
        Assert.Equal(["capable"], Names(decision.Escalations));
    }

    [Theory]
    [InlineData(FallbackOrder.UpThenDown, "balanced capable fast")]
    [InlineData(FallbackOrder.DownThenUp, "balanced fast capable")]
    [InlineData(FallbackOrder.Up, "balanced capable")]
    [InlineData(FallbackOrder.Down, "balanced fast")]
    [InlineData(FallbackOrder.None, "balanced")]
    public void Decide_Fallback_IsInOrder(FallbackOrder order, string names)
    {
        var rules = Rules with { Fallback = order };
        var auto = new RouteRequest("auto", ModelPurpose.Combine, 1);
        Assert.Equal(names, string.Join(' ', Names(rules.Decide(auto).Candidates)));
        Assert.Equal(["balanced"], Names(rules.Decide(auto with { Name = "balanced" }).Candidates));
        Assert.Equal(names, string.Join(' ', Names((rules with { NamedTiers = true }).Decide(auto with { Name = "Balanced" }).Candidates)));
    }

    [Fact]
    public void Decide_Alternates_StandInBeforeOtherTiers()
    {
        var rules = Rules with { Alternates = new Dictionary<string, IReadOnlyList<string>> { ["fast"] = ["spare"] } };
        var decision = rules.Decide(new RouteRequest("auto", ModelPurpose.Rank, 1));
        Assert.Equal(["fast: purpose Rank", "spare: another model of 'fast'", "balanced: above 'fast'", "capable: above 'fast'"], decision.Candidates.Select(Text));
        Assert.Equal(["balanced: a tier above 'fast'", "capable: a tier above 'fast'"], decision.Escalations.Select(Text));
    }

    [Fact]
    public void Decide_Chain_ReplacesTheOrderAlsoForNamedOnes()
    {
        var rules = Rules with { Chains = new Dictionary<string, IReadOnlyList<string>> { ["fast"] = ["spare", "capable"], ["big"] = ["middle"], ["balanced"] = [] } };
        Assert.Equal(["fast", "spare", "capable"], Names(rules.Decide(new RouteRequest("fast", ModelPurpose.Answer, 1)).Candidates));
        Assert.Equal(["fast", "spare", "capable"], Names(rules.Decide(new RouteRequest("auto", ModelPurpose.Rank, 1)).Candidates));
        Assert.Equal(["big", "middle"], Names(rules.Decide(new RouteRequest("big", ModelPurpose.Answer, 1)).Candidates));
        Assert.Equal(["balanced"], Names(rules.Decide(new RouteRequest("auto", ModelPurpose.Combine, 1)).Candidates));
        Assert.Equal((false, false, true, true, false), (rules.IsDirect("fast"), rules.IsDirect("big"), rules.IsDirect("spare"), rules.IsDirect("capable"), rules.IsDirect("auto")));
    }

    [Fact]
    public void Decide_NamedModel_IsThatModelAndNoOther()
    {
        var decision = Rules.Decide(new RouteRequest("small", ModelPurpose.Answer, 1));
        Assert.Equal(["small"], Names(decision.Candidates));
        Assert.Empty(decision.Escalations);
        Assert.True(Rules.IsDirect("small"));
    }

    [Fact]
    public void Decide_UnknownName_IsRefused() => Assert.Contains("There is no target 'x'", Assert.Throws<ArgumentException>(() => Rules.Decide(new RouteRequest("x", ModelPurpose.Answer, 1))).Message, StringComparison.Ordinal);

    /// <summary>Whatever the rules and the outcomes: each model once, a reason for each, an end, and after a rejection nothing that is not above it.</summary>
    [Fact]
    public void Course_AnyRulesAndOutcomes_EndsAndNeverRepeats()
    {
        var cases =
            from models in Gen.ArrayOf(Gen.Elements("small", "middle", "big"), 3)
            from windows in Gen.ArrayOf(Gen.Elements<int?>(null, 500, 5000), 3)
            from order in Gen.Elements(Enum.GetValues<FallbackOrder>())
            from named in Gen.Elements(true, false)
            from alternates in Gen.SubListOf("spare", "small", "big")
            from chain in Gen.SubListOf("spare", "capable", "fast", "middle")
            from chains in Gen.Elements(true, false)
            from name in Gen.Elements("auto", "fast", "balanced", "capable", "small", "spare")
            from tokens in Gen.Choose(0, 6000)
            from outcomes in Gen.ArrayOf(Gen.Elements(true, false), 12)
            select (Rules: new RoutingRules
            {
                Targets = [.. ((string[])["fast", "balanced", "capable"]).Select((tier, level) => new RouteTarget(tier, models[level], level, IsTier: true, windows[level])), .. ((string[])["small", "middle", "big", "spare"]).Select(model => new RouteTarget(model, model, 0, IsTier: false))],
                Fallback = order,
                NamedTiers = named,
                Alternates = new Dictionary<string, IReadOnlyList<string>> { ["fast"] = [.. alternates] },
                Chains = chains ? new Dictionary<string, IReadOnlyList<string>> { ["balanced"] = [.. chain] } : [],
            }, Request: new RouteRequest(name, ModelPurpose.Summarize, tokens), Outcomes: outcomes);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(cases.ToArbitrary(), @case => IsSound(@case.Rules.Decide(@case.Request), @case.Outcomes)));
    }

    [Fact]
    public void Course_Ended_RefusesMore()
    {
        var course = RouteCourse.Of(Rules.Decide(new RouteRequest("small", ModelPurpose.Answer, 1))).Failed();
        Assert.Null(course.Current);
        Assert.Throws<InvalidOperationException>(course.Failed);
        Assert.Throws<InvalidOperationException>(course.Rejected);
    }

    private static bool IsSound(RouteDecision decision, bool[] rejections)
    {
        var course = RouteCourse.Of(decision);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var floor = int.MinValue;
        foreach (var rejects in rejections)
        {
            if (course.Current is not { } current) return true;
            if (!tried.Add(current.Target.Model) || current.Reason.Length == 0 || current.Target.Level < floor) return false;
            if (rejects) floor = Math.Max(floor, current.Target.Level + 1);
            course = rejects ? course.Rejected() : course.Failed();
        }

        return course.Current is null;
    }

    private static string[] Names(IEnumerable<RouteCandidate> candidates) => [.. candidates.Select(candidate => candidate.Target.Name)];

    private static string First(RouteDecision decision) => Text(decision.Candidates[0]);

    private static string Text(RouteCandidate candidate) => $"{candidate.Target.Name}: {candidate.Reason}";
}
