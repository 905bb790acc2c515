using AgentFunctions.Core.Policies.Voting;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Voting;

public sealed class VoteCountTests
{
    private static readonly Gen<(Ballot[] Cast, (int Voter, decimal Weight)[] Missing)> Polls =
        from count in Gen.Choose(1, 6)
        from votes in Gen.Elements("a", "b", "c", "-").ArrayOf(count)
        from weights in Gen.Choose(0, 2).ArrayOf(count)
        from here in Gen.Elements(true, false).ArrayOf(count)
        select (
            Enumerable.Range(0, count).Where(i => here[i] && votes[i] != "-").Select(i => new Ballot(i, votes[i], weights[i])).ToArray(),
            Enumerable.Range(0, count).Where(i => !here[i]).Select(i => (i, (decimal)weights[i])).ToArray());

    [Fact]
    public void Of_AnyVotes_NoChoiceBeatsTheWinner() => Check(poll =>
    {
        var count = VoteCount.Of(poll.Cast);
        return count.Winner is not { } winner
            ? poll.Cast.Length == 0
            : count.Groups.Skip(1).All(other => (winner.Voters.Count, winner.Weight, -winner.Voters[0]).CompareTo((other.Voters.Count, other.Weight, -other.Voters[0])) > 0);
    });

    [Fact]
    public void Of_AnyOrderOfVotes_GivesTheSame() => Check(poll => Text(VoteCount.Of(poll.Cast)) == Text(VoteCount.Of(poll.Cast.Reverse())));

    [Fact]
    public void IsDecided_AnyPoll_IsExactlyThatNoFurtherVotesChangeTheWinner() => Check(poll =>
    {
        var now = VoteCount.Of(poll.Cast);
        var unchanged = now.Winner is not null && Futures(poll.Missing).All(future => VoteCount.Of([.. poll.Cast, .. future]).Winner!.Vote == now.Winner.Vote);
        return now.IsDecided(poll.Missing) == (unchanged || poll.Missing.Length == 0);
    });

    [Fact]
    public void Figures_AnyPoll_AreInTheirRanges() => Check(poll =>
    {
        var count = VoteCount.Of(poll.Cast);
        return count.Agreement is >= 0 and <= 1 && count.Margin >= 0 && count.Margin <= count.Agreement && count.Entropy >= 0 && count.Entropy <= Math.Log2(Math.Max(1, count.Votes)) + 1e-9
            && count.Groups.Sum(group => group.Voters.Count) == poll.Cast.Length;
    });

    [Theory]
    [InlineData("aaa", VoteReason.Unanimous, "a", 1, 1, 0)]
    [InlineData("aab", VoteReason.Majority, "a", 0.667, 0.333, 0.918)]
    [InlineData("aabc", VoteReason.Plurality, "a", 0.5, 0.25, 1.5)]
    [InlineData("bbaa", VoteReason.TieByOrder, "b", 0.5, 0, 1)]
    public void Of_Votes_SaysWhyAndHowFar(string votes, VoteReason reason, string winner, double agreement, double margin, double entropy)
    {
        var count = VoteCount.Of(votes.Select((vote, i) => new Ballot(i, vote.ToString(), 1)));
        Assert.Equal((reason, winner), (count.Reason, count.Winner!.Vote));
        Assert.Equal([agreement, margin, entropy], ((double[])[count.Agreement, count.Margin, count.Entropy]).Select(figure => Math.Round(figure, 3)));
    }

    [Fact]
    public void Of_TieOfDifferentWeights_TheWeightierWins()
    {
        var count = VoteCount.Of([new(0, "a", 1), new(1, "b", 1.5m)]);
        Assert.Equal((VoteReason.TieByWeight, "b"), (count.Reason, count.Winner!.Vote));
    }

    [Fact]
    public void Of_NoVotes_HasNoWinner()
    {
        var count = VoteCount.Of([]);
        Assert.Null(count.Winner);
        Assert.Null(count.Reason);
        Assert.Equal(0, count.Agreement + count.Margin + count.Entropy);
    }

    /// <summary>Everything the missing may still vote: one of the choices, a new one, or nothing.</summary>
    private static IEnumerable<Ballot[]> Futures((int Voter, decimal Weight)[] missing) => missing.Aggregate(
        (IEnumerable<Ballot[]>)[[]],
        (futures, it) => [.. futures.SelectMany(future => ((string?[])["a", "b", "c", "new", null]).Select(vote => vote is null ? future : [.. future, new Ballot(it.Voter, vote, it.Weight)]))]);

    private static string Text(VoteCount count) => string.Join(';', count.Groups.Select(group => $"{group.Vote} {string.Join(',', group.Voters)} {group.Weight}"));

    private static void Check(Func<(Ballot[] Cast, (int Voter, decimal Weight)[] Missing), bool> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Polls.ToArbitrary(), property));
}
