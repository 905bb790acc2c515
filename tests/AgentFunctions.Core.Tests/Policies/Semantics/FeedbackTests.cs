using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Semantics;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Semantics;

public class FeedbackTests
{
    private static readonly Gen<FeedbackState> States =
        Gen.Choose(0, 40).Select(pair => (ulong)pair).Zip(Gen.Choose(0, 100)).Zip(Gen.Elements(true, false)).ArrayOf().Select(words => words.Aggregate(FeedbackState.Empty, (state, word) => state.With(word.Item1.Item1, word.Item1.Item2 / 100.0, word.Item2)));

    [Fact]
    public void Threshold_NoFeedback_Initial() => Assert.Equal(0.9, Threshold(FeedbackState.Empty));

    [Fact]
    public void Threshold_298RightPairs_Stays() => Assert.Equal(0.9, Threshold(Pairs(298, 0.7, right: true)));

    [Fact]
    public void Threshold_299RightPairs_Lowered() => Assert.Equal(0.7, Threshold(Pairs(299, 0.7, right: true)));

    [Fact]
    public void Threshold_RightPairsBelowFloor_FloorHolds() => Assert.Equal(0.9, Threshold(Pairs(400, 0.5, right: true)));

    [Fact]
    public void Threshold_OneWrongOfFew_RaisedAboveIt() => Assert.Equal(0.96, Threshold(Pairs(3, 0.99, right: true).With(999, 0.95, right: false)), 6);

    [Fact]
    public void Threshold_OneWrongOfMany_Stays() => Assert.Equal(0.9, Threshold(Pairs(200, 0.97, right: true).With(999, 0.95, right: false)));

    [Fact]
    public void With_SameWordTwice_CountsOnce() => Assert.Equal(1, FeedbackState.Empty.With(1, 0.9, right: true).With(1, 0.9, right: true).Count);

    [Fact]
    public void With_RightAfterWrong_StaysWrong() => Assert.True(FeedbackState.Empty.With(1, 0.9, right: false).With(1, 0.9, right: true).IsWrong(1));

    [Fact]
    public void With_TooManyPairs_WrongOnesStay()
    {
        var state = FeedbackState.Empty.With(ulong.MaxValue, 0.9, right: false).Joined(Pairs(FeedbackState.MostPairs, 0.95, right: true));
        Assert.Equal(FeedbackState.MostPairs, state.Count);
        Assert.True(state.IsWrong(ulong.MaxValue));
    }

    [Fact]
    public void PairOf_OtherOrder_Same() => Assert.Equal(FeedbackState.PairOf("a", "b"), FeedbackState.PairOf("b", "a"));

    [Theory]
    [InlineData(new byte[] { 9 })]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 255 })]
    public void Load_Damaged_Refused(byte[] saved) => Assert.Throws<InvalidDataException>(() => FeedbackState.Load(saved));

    [Fact]
    public void Save_Loaded_Same() => Check.QuickThrowOnFailure(Prop.ForAll(States.ToArbitrary(), state => FeedbackState.Load(state.Save()).Save().AsSpan().SequenceEqual(state.Save())));

    [Fact]
    public void Joined_AnyOrderAnyNumberOfTimes_Same() => Check.QuickThrowOnFailure(Prop.ForAll(States.ToArbitrary(), States.ToArbitrary(), (one, other) =>
        one.Joined(other).Save().AsSpan().SequenceEqual(other.Joined(one).Joined(other).Joined(one).Save())));

    [Fact]
    public void Threshold_AnyFeedback_BetweenFloorAndOne() => Check.QuickThrowOnFailure(Prop.ForAll(States.ToArbitrary(), state => Threshold(state) is >= 0.6 and <= 1));

    private static double Threshold(FeedbackState state) => ThresholdPolicy.Of(state, 0.9, 0.6, 0.01);

    private static FeedbackState Pairs(int count, double score, bool right)
    {
        var saved = FeedbackState.Empty;
        for (var i = 0; i < count; i++) saved = saved.With(Fnv.Mix((ulong)i + 7), score, right);
        return saved;
    }
}
