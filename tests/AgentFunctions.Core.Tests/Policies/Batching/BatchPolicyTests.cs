using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Batching;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Batching;

public sealed class BatchPolicyTests
{
    private static readonly BatchRules Rules = new();

    [Theory]
    [InlineData(0, 0, 10)] // A lone call goes at once.
    [InlineData(1, 0, 60)] // While another is away it waits, as long as it may.
    [InlineData(0, 19, 10)] // 19 a second give 0.95 in the 50 ms that are left.
    [InlineData(0, 21, 60)]
    public void SendAt_BelowFull_WaitsWhereCompanyIsLikely(int inFlight, double perSecond, int expected) =>
        Assert.Equal(Ms(expected), BatchPolicy.SendAt(Rules, new BatchSituation(Ms(10), Ms(60), new BatchLoad(1, 10), inFlight, perSecond, Size: 256)));

    [Theory]
    [InlineData(255, 100, 60)]
    [InlineData(256, 100, 10)]
    [InlineData(255, 300_000, 10)]
    public void SendAt_Full_GoesAtOnce(int texts, double tokens, int expected) =>
        Assert.Equal(Ms(expected), BatchPolicy.SendAt(Rules, new BatchSituation(Ms(10), Ms(60), new BatchLoad(texts, tokens), InFlight: 3, PerSecond: 100, Size: 256)));

    [Fact]
    public void SendAt_NothingWaitsOrSomethingIsLate_IsNeverOrNow()
    {
        Assert.Null(BatchPolicy.SendAt(Rules, new BatchSituation(Ms(10), null, default, 0, 0, 256)));
        Assert.Equal(Ms(10), BatchPolicy.SendAt(Rules, new BatchSituation(Ms(10), Ms(9), new BatchLoad(1, 1), 5, 1000, 256)));
    }

    [Theory]
    [InlineData(RunPriority.Interactive, 10)]
    [InlineData(RunPriority.Workflow, 50)]
    [InlineData(RunPriority.Background, 500)]
    public void WaitOf_Default_IsTheLanes(RunPriority lane, int milliseconds) => Assert.Equal(Ms(milliseconds), Rules.WaitOf(lane));

    [Fact]
    public void Pieces_MoreThanARequestMayCarry_AreCutInOrderAndEachFits()
    {
        var cases = from tokens in Gen.Choose(0, 900).ListOf(60) from texts in Gen.Choose(1, 12) select (tokens.ToList(), texts);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var rules = Rules with { MostTexts = @case.texts, MostTokens = 800 };
            var pieces = BatchPolicy.Pieces(rules, [.. @case.Item1.Select(count => (double)count)]);
            var start = 0;
            foreach (var piece in pieces)
            {
                Assert.Equal(@case.Item1.Skip(start).Take(piece.Texts).Sum(), piece.Tokens);
                Assert.InRange(piece.Texts, 1, @case.texts);
                Assert.True(piece.Tokens <= 800 || piece.Texts == 1, $"{piece}");
                start += piece.Texts;
            }

            Assert.Equal(@case.Item1.Count, start);
        }));
    }

    [Theory]
    [InlineData(256, 900, 288)] // Full and in time.
    [InlineData(255, 900, 256)] // Not full says nothing.
    [InlineData(256, 1100, 128)]
    [InlineData(200, 1100, 100)]
    [InlineData(100, 1100, 256)] // Slow with little: not for its size.
    public void After_Request_GrowsBySomeAndHalves(int sent, int milliseconds, int expected) =>
        Assert.Equal(expected, new BatchSize(256).After(sent, Ms(milliseconds), TimeSpan.FromSeconds(1), most: 2048).Texts);

    /// <summary>A provider that takes a time for a request and some for each text: full batches settle where they just take the target.</summary>
    [Fact]
    public void After_FullBatchesOverALinearProvider_SettleBelowTheTarget()
    {
        var cases = from each in Gen.Choose(1, 100) from once in Gen.Choose(0, 500) from most in Gen.Choose(1, 2048) select (each / 10.0, once, most);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var (each, once, most) = @case;
            var best = Math.Clamp((1000 - once) / each, 1, most);
            var size = new BatchSize(Math.Min(BatchSize.First, most));
            for (var i = 0; i < 200; i++)
            {
                size = size.After(size.Texts, TimeSpan.FromMilliseconds(once + (each * size.Texts)), TimeSpan.FromSeconds(1), most);
                Assert.InRange(size.Texts, 1, most);
                if (i > 100) Assert.InRange(size.Texts, Math.Floor(best / 2) - 1, best + BatchSize.Step + 1);
            }
        }));
    }

    [Fact]
    public void Shares_AnyWeights_AddUpAndAreWithinOneOfTheirShare()
    {
        var cases = from total in Gen.Choose(0, 1_000_000) from weights in Gen.Choose(0, 5000).NonEmptyListOf() select (total, weights.ToList());
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var (total, weights) = @case;
            var parts = Shares.Of(total, [.. weights.Select(weight => (double)weight)]);
            Assert.Equal(total, parts.Sum());
            var sum = weights.Sum();
            for (var i = 0; i < parts.Count; i++) Assert.InRange(parts[i] - (sum == 0 ? (double)total / weights.Count : (double)total * weights[i] / sum), -1, 1);
        }));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
