using AgentFunctions.Core.Policies.RankFusion;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.RankFusion;

public sealed class ReciprocalRankFusionTests
{
    private static readonly Gen<string> ids = Gen.Elements("a", "b", "c", "d", "e", "f", "g", "B", "ä", "10", "9");
    private static readonly Gen<RankedList> lists = Gen.Elements(0, 0.1, 0.3, 1, 2, 7.5).SelectMany(weight => ids.ListOf(8).Select(found => new RankedList(weight, [.. found])));
    private static readonly Arbitrary<RankedList[]> anyLists = Gen.Choose(0, 6).SelectMany(count => lists.ListOf(count)).Select(all => all.ToArray()).ToArbitrary();

    [Fact]
    public void Fuse_ThePapersFormula_IsTheScore()
    {
        var fused = ReciprocalRankFusion.Fuse([new RankedList(1, ["a", "b"]), new RankedList(0.5, ["b", "c"])]);
        Assert.Equal(["b", "a", "c"], fused.Select(found => found.Id));
        Assert.Equal((1.0 / 62) + (0.5 / 61), fused[0].Score, 15);
        Assert.Equal(1.0 / 61, fused[1].Score, 15);
        Assert.Equal([2, 1], fused[0].Ranks);
        Assert.Equal([null, 2], fused[2].Ranks);
        Assert.Equal(1, fused[0].BestRank);
    }

    [Fact]
    public void Fuse_RepeatedId_CountsOnceAndLeavesNoGap()
    {
        var fused = ReciprocalRankFusion.Fuse([new RankedList(1, ["a", "a", "b"])]);
        Assert.Equal(["a", "b"], fused.Select(found => found.Id));
        Assert.Equal([1, 2], fused.Select(found => found.BestRank));
        Assert.Equal(1.0 / 61, fused[0].Score, 15);
    }

    [Fact]
    public void Fuse_Ties_GoByBestRankThenById()
    {
        Assert.Equal(["B", "a"], ReciprocalRankFusion.Fuse([new RankedList(1, ["a"]), new RankedList(1, ["B"])]).Select(found => found.Id));

        // All score 0, so only the best rank tells them apart, and then the ID.
        Assert.Equal(["x", "z", "y"], ReciprocalRankFusion.Fuse([new RankedList(0, ["z", "y"]), new RankedList(0, ["x", "y"])]).Select(found => found.Id));
    }

    [Fact]
    public void Fuse_NoLists_GivesNone() => Assert.Empty(ReciprocalRankFusion.Fuse([]));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Fuse_KOutOfRange_IsRefused(int k) => Assert.Throws<ArgumentOutOfRangeException>(() => ReciprocalRankFusion.Fuse([], k));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Fuse_WeightOutOfRange_IsRefused(double weight) => Assert.Throws<ArgumentOutOfRangeException>(() => ReciprocalRankFusion.Fuse([new RankedList(weight, ["a"])]));

    [Fact]
    public void Fuse_OrderOfLists_DoesNotMatter() => Prop.ForAll(anyLists, given =>
    {
        var fused = ReciprocalRankFusion.Fuse(given);
        var turned = ReciprocalRankFusion.Fuse([.. given.Reverse()]);
        return fused.Select(found => (found.Id, found.Score, found.BestRank)).SequenceEqual(turned.Select(found => (found.Id, found.Score, found.BestRank)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fuse_AnyLists_HasEveryIdOnceAndInOrder() => Prop.ForAll(anyLists, given =>
    {
        var fused = ReciprocalRankFusion.Fuse(given);
        var inOrder = fused.Zip(fused.Skip(1)).All(pair =>
            pair.First.Score > pair.Second.Score
            || (pair.First.Score.Equals(pair.Second.Score) && (pair.First.BestRank < pair.Second.BestRank
                || (pair.First.BestRank == pair.Second.BestRank && string.CompareOrdinal(pair.First.Id, pair.Second.Id) < 0))));
        return inOrder && fused.Select(found => found.Id).ToHashSet(StringComparer.Ordinal).SetEquals(given.SelectMany(list => list.Ids)) && fused.Count == given.SelectMany(list => list.Ids).Distinct(StringComparer.Ordinal).Count();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fuse_BetterRank_NeverLowersTheScore() => Prop.ForAll(anyLists, Gen.Choose(0, 40).ToArbitrary(), (given, pick) =>
    {
        // Takes one ID one place further up in one list.
        if (given.Length == 0) return true;
        var place = pick % given.Length;
        var list = given[place].Ids.Distinct(StringComparer.Ordinal).ToList();
        if (list.Count < 2) return true;
        var at = 1 + (pick % (list.Count - 1));
        var id = list[at];
        var before = ReciprocalRankFusion.Fuse(given);
        (list[at - 1], list[at]) = (list[at], list[at - 1]);
        var moved = given.ToArray();
        moved[place] = given[place] with { Ids = list };
        var after = ReciprocalRankFusion.Fuse(moved);
        return Score(after, id) >= Score(before, id) && Place(after, id) <= Place(before, id);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fuse_AllWeightsDoubled_DoublesScoresAndKeepsTheOrder() => Prop.ForAll(anyLists, given =>
    {
        var fused = ReciprocalRankFusion.Fuse(given);
        var doubled = ReciprocalRankFusion.Fuse([.. given.Select(list => list with { Weight = list.Weight * 2 })]);
        return fused.Select(found => (found.Id, found.Score * 2)).SequenceEqual(doubled.Select(found => (found.Id, found.Score)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fuse_OneList_KeepsItsOrder() => Prop.ForAll(ids.ListOf(10).ToArbitrary(), found =>
        ReciprocalRankFusion.Fuse([new RankedList(0.7, [.. found])]).Select(fused => fused.Id).SequenceEqual(found.Distinct(StringComparer.Ordinal))).QuickCheckThrowOnFailure();

    private static double Score(IReadOnlyList<FusedRank> fused, string id) => fused.Single(found => found.Id == id).Score;

    private static int Place(IReadOnlyList<FusedRank> fused, string id) => fused.ToList().FindIndex(found => found.Id == id);
}
