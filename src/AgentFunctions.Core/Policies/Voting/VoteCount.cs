namespace AgentFunctions.Core.Policies.Voting;

/// <summary>Votes counted: most votes win; among equals the greater weight; among these the choice of the first voter. Pure.</summary>
public sealed record VoteCount
{
    private VoteCount(IReadOnlyList<VoteGroup> groups) => Groups = groups;

    /// <summary>The choices, the winner first.</summary>
    public IReadOnlyList<VoteGroup> Groups { get; }

    /// <summary>How many votes were cast.</summary>
    public int Votes => Groups.Sum(group => group.Voters.Count);

    /// <summary>The winner, or null where there are no votes.</summary>
    public VoteGroup? Winner => Groups.Count > 0 ? Groups[0] : null;

    /// <summary>What made it win, or null where there are no votes.</summary>
    public VoteReason? Reason => Groups switch
    {
        [] => null,
        [_] => VoteReason.Unanimous,
        [var first, var second, ..] when first.Voters.Count == second.Voters.Count => first.Weight > second.Weight ? VoteReason.TieByWeight : VoteReason.TieByOrder,
        [var first, ..] => first.Voters.Count * 2 > Votes ? VoteReason.Majority : VoteReason.Plurality,
    };

    /// <summary>The winner's part of the votes, 0 to 1.</summary>
    public double Agreement => Winner is { } winner ? (double)winner.Voters.Count / Votes : 0;

    /// <summary>By how much of the votes the winner leads the second, 0 to 1.</summary>
    public double Margin => Groups.Count > 1 ? Agreement - ((double)Groups[1].Voters.Count / Votes) : Agreement;

    /// <summary>Shannon's entropy of the votes in bits: 0 where all agree, log2(n) where n voters all differ.</summary>
    public double Entropy => Groups.Count < 2 ? 0 : -Groups.Sum(group => (double)group.Voters.Count / Votes * Math.Log2((double)group.Voters.Count / Votes));

    /// <summary>Counts votes.</summary>
    /// <param name="ballots">The votes, in any order; a voter votes at most once.</param>
    public static VoteCount Of(IEnumerable<Ballot> ballots)
    {
        ArgumentNullException.ThrowIfNull(ballots);
        var groups = ballots.GroupBy(ballot => ballot.Vote, StringComparer.Ordinal)
            .Select(group => new VoteGroup(group.Key, [.. group.Select(ballot => ballot.Voter).Order()], group.Sum(ballot => ballot.Weight)))
            .ToList();
        groups.Sort(Compare);
        return new(groups);
    }

    /// <summary>Whether nothing that <paramref name="missing"/> may still vote can change the winner.</summary>
    /// <param name="missing">The voters that have not voted, with the weights they have. Each may vote for anything or not at all.</param>
    public bool IsDecided(IReadOnlyCollection<(int Voter, decimal Weight)> missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        if (missing.Count == 0) return true;
        if (Winner is not { } winner) return false;
        var (weight, first) = (missing.Sum(it => it.Weight), missing.Min(it => it.Voter));

        // The worst for the winner: all of them for one other choice, the best of the present ones or a new one.
        var newcomer = new VoteGroup("", [first, .. missing.Select(it => it.Voter).Where(voter => voter != first)], weight);
        return Compare(winner, newcomer) < 0
            && Groups.Skip(1).All(group => Compare(winner, new VoteGroup(group.Vote, [.. group.Voters.Concat(missing.Select(it => it.Voter)).Order()], group.Weight + weight)) < 0);
    }

    private static int Compare(VoteGroup left, VoteGroup right)
    {
        var byVotes = right.Voters.Count.CompareTo(left.Voters.Count);
        if (byVotes != 0) return byVotes;
        var byWeight = right.Weight.CompareTo(left.Weight);
        return byWeight != 0 ? byWeight : left.Voters[0].CompareTo(right.Voters[0]);
    }
}
