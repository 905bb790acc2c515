namespace AgentFunctions.Core.Policies.Voting;

/// <summary>A vote that was cast.</summary>
/// <param name="Voter">The voter's place among all voters, from 0.</param>
/// <param name="Vote">What it is for; equal texts are one choice.</param>
/// <param name="Weight">What it weighs when choices have equally many votes, 0 or more.</param>
public readonly record struct Ballot(int Voter, string Vote, decimal Weight);

/// <summary>The votes for one choice.</summary>
/// <param name="Vote">The choice.</param>
/// <param name="Voters">Who voted for it, in the order of all voters.</param>
/// <param name="Weight">What they weigh together.</param>
public sealed record VoteGroup(string Vote, IReadOnlyList<int> Voters, decimal Weight);

/// <summary>What made a choice win.</summary>
public enum VoteReason
{
    /// <summary>It is the only choice.</summary>
    Unanimous,

    /// <summary>It has more than half of the votes.</summary>
    Majority,

    /// <summary>It has more votes than any other, but not more than half.</summary>
    Plurality,

    /// <summary>Others have as many votes, but weigh less.</summary>
    TieByWeight,

    /// <summary>Others have as many votes and weigh as much; the first voter of all of them is for it.</summary>
    TieByOrder,
}
