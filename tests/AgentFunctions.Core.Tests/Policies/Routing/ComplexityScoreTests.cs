using AgentFunctions.Core.Policies.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Routing;

public sealed class ComplexityScoreTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.ListOf(Gen.Elements("why", "must", "1.", "- ", "then", "and", "cat", "?", "{x}", "42", "\n", "Compare", "don’t", "漢字", "\ud83d", "exactly-", ".", ")")).Select(words => string.Join(' ', words)),
        ArbMap.Default.ArbFor<string>().Generator.Select(text => text ?? ""));

    [Fact]
    public void Of_AnyText_FromZeroToBelowOne() => Holds(Prop.ForAll(Texts.ToArbitrary(), text => ComplexityScore.Of(text) is >= 0 and < 1));

    [Fact]
    public void Of_TextWithALineMore_IsNeverLower() => Holds(Prop.ForAll(Texts.ToArbitrary(), Texts.ToArbitrary(), (one, other) =>
        ComplexityScore.Of(one + "\n" + other) is var both && both >= ComplexityScore.Of(one) && both >= ComplexityScore.Of(other)));

    [Fact]
    public void Of_OneCountHigher_IsHigher() => Holds(Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 500), 7).ToArbitrary(), Gen.Choose(0, 6).ToArbitrary(), (counts, which) =>
    {
        int[] more = [.. counts];
        more[which]++;
        return ComplexityScore.Of(Counts(more)) > ComplexityScore.Of(Counts(counts));
    }));

    [Fact]
    public void Of_Nothing_IsZero() => Assert.Equal(0, ComplexityScore.Of(""));

    [Fact]
    public void Of_ManyOfAll_ComesNearToOne() => Assert.InRange(ComplexityScore.Of(Counts([1_000_000, 1000, 10_000, 10_000, 10_000, 10_000, 10_000])), 0.99, 1);

    [Theory]
    [InlineData("1. Read it.\n2) Write it.\n- a\n* b\n• c", 5)]
    [InlineData("It took 3.5 days - a week at most.", 0)]
    [InlineData("First do this, then that, finally stop.", 3)]
    public void Counts_Steps_AreListLinesAndWordsOfOrder(string text, int steps) => Assert.Equal(steps, ComplexityCounts.Of(text).Steps);

    [Theory]
    [InlineData("How? Why? Is it?", 4)] // Two words and two questions after the first.
    [InlineData("What is the trade-off?", 1)]
    [InlineData("WHY", 1)]
    [InlineData("showhow", 0)]
    public void Counts_Reasoning_AreWordsAndQuestions(string text, int reasoning) => Assert.Equal(reasoning, ComplexityCounts.Of(text).Reasoning);

    [Fact]
    public void Counts_NumbersAndCode_AreCounted()
    {
        var counts = ComplexityCounts.Of("if (a[0] <= 1,000.5) { b = `x`; } and 7");
        Assert.Equal((3, 10, 2), (counts.Numbers, counts.Code, counts.Conjunctions));
    }

    /// <summary>The examples that the weights were set by, with the tier that each should go to.</summary>
    [Theory]
    [InlineData("Hi there!", "fast")]
    [InlineData("What is the capital of France?", "fast")]
    [InlineData("When does the store open on Sunday?", "fast")]
    [InlineData("Translate 'good morning' into Spanish.", "fast")]
    [InlineData("My card has not arrived yet. What should I do?", "fast")]
    [InlineData("How do I reset my PIN?", "fast")]
    [InlineData("Explain how a heat pump works.", "balanced")]
    [InlineData("Why is the sky blue, and why is it red at dusk?", "balanced")]
    [InlineData("Compare REST and gRPC for a mobile app.", "balanced")]
    [InlineData("Design a schema for a library. It must keep loans and reservations, each book has at least one author, and no member may hold more than 5 books. Explain the trade-offs, compare two indexes, and justify which you recommend.", "capable")]
    [InlineData("Prove that the sum of two odd numbers is even, then derive the general case by induction. Explain each step, justify why it is allowed, and do not use more than 10 lines unless you must.", "capable")]
    [InlineData("Analyse the log below, diagnose the root cause, compare 3 fixes, and recommend one.\n1. It must not need a restart.\n2. Only the cache may be changed.\n3. Explain why, then estimate the risk of each.", "capable")]
    public void Of_Examples_FallIntoTheirTier(string text, string tier)
    {
        var rules = new RoutingRules { Targets = [] };
        var score = ComplexityScore.Of(text);
        Assert.Equal(tier, score >= rules.CapableFromScore ? "capable" : score >= rules.BalancedFromScore ? "balanced" : "fast");
    }

    private static ComplexityCounts Counts(int[] values) => new(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);

    private static void Holds(Property property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), property);
}
