using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>Whose answer is taken, and why.</summary>
/// <param name="Member">The member's place, or null where nothing could be decided.</param>
/// <param name="DecidedBy">What decided.</param>
/// <param name="Notice">What must be said about it.</param>
internal sealed record EnsembleChoice(int? Member, EnsembleDecision DecidedBy, string? Notice)
{
    /// <summary>The winner of the vote. Of its members' answers, which are equal but for their form, it is that of the weightiest, or of the first of these.</summary>
    public static EnsembleChoice ByVote(EnsemblePoll poll, IReadOnlyList<EnsembleMember> members)
    {
        if (poll.Count.Winner is not { } winner) return new(null, EnsembleDecision.Undecided, "No answer could be counted: none matched the pattern or named one label. The members' answers are in 'members'.");
        var spokesman = winner.Voters.MaxBy(voter => members[voter].Weight);
        return poll.IsQuorum ? new(spokesman, EnsembleDecision.Quorum, null) : poll.Count.Reason switch
        {
            VoteReason.Unanimous => new(spokesman, EnsembleDecision.Unanimous, null),
            VoteReason.Majority => new(spokesman, EnsembleDecision.Majority, null),
            VoteReason.Plurality => new(spokesman, EnsembleDecision.Plurality, null),
            VoteReason.TieByWeight => new(spokesman, EnsembleDecision.TieByWeight, Tie(poll, "the greater weight decided")),
            _ => new(spokesman, EnsembleDecision.TieByOrder, Tie(poll, "the order of the members decided")),
        };
    }

    private static string Tie(EnsemblePoll poll, string how)
    {
        var votes = poll.Count.Groups[0].Voters.Count;
        var tied = poll.Count.Groups.Count(group => group.Voters.Count == votes);
        return $"{tied} answers have {votes} {(votes == 1 ? "vote" : "votes")} each: {how}.";
    }
}
