using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>A member's answer and what it votes for.</summary>
internal sealed record EnsembleAnswer(ModelReply Reply, string? Vote) : ICosted, ICached
{
    public Cost? Cost => Reply.Cost;

    public CacheNote? Cache => Reply.Cache;
}

/// <summary>Asks all members at once and counts their votes as they come, so that the rest can be given up once it does not matter.</summary>
internal sealed class EnsemblePoll(OrchestrationContext context, EnsembleInput input)
{
    private readonly List<Ballot> ballots = [];
    private readonly bool[] ended = new bool[input.Members.Count];

    /// <summary>How each member fared, in the order of the input.</summary>
    public IReadOnlyList<Branch<EnsembleAnswer>> Branches { get; private set; } = [];

    /// <summary>The votes counted.</summary>
    public VoteCount Count { get; private set; } = VoteCount.Of([]);

    /// <summary>Whether as many agree as the quorum asks for.</summary>
    public bool IsQuorum => input.Quorum?.Agreeing is { } agreeing && Count.Winner is { } winner && winner.Voters.Count >= agreeing;

    public async Task RunAsync()
    {
        var status = new ProgressStatus(context, "members", input.Members.Count);
        var done = 0;
        var options = new FanOutOptions { MaxParallel = EnsembleValidation.MostMembers, BranchTimeout = input.MemberTimeout, Retry = new RetryPolicy { MaxAttempts = input.MaxAttempts } };
        Branches = await new FanOutRun<EnsembleAnswer>(context, [.. input.Members.Select(Ask)], options, Ended).RunAsync(CancellationToken.None);

        bool Ended(int place, Branch<EnsembleAnswer> branch)
        {
            status.Report(++done);
            return Note(place, branch);
        }
    }

    private BranchBody<EnsembleAnswer> Ask(EnsembleMember member)
    {
        ModelReply? reply = null;
        var call = EnsemblePrompts.Member(input, member);
        return new(member.Key, async token =>
        {
            var options = new CallOptions { Label = member.Key, Cancellation = token };

            // An answer that is there is not asked for again because its vote could not be read.
            reply ??= await context.CallActivityAsync(ActivityReferences.CallModel, call, options);
            var vote = await VoteAsync(reply, options);

            // One that the cache has kept although it casts no vote would else cast none for as long as it is kept.
            if (vote is null && reply.Cache is not null && call.Cache.Anew() is { Mode: CacheMode.Refresh } anew)
            {
                reply = await context.CallActivityAsync(ActivityReferences.CallModel, call with { Cache = anew }, options);
                vote = await VoteAsync(reply, options);
            }

            return new EnsembleAnswer(reply, vote);
        });
    }

    private async Task<string?> VoteAsync(ModelReply reply, CallOptions options) => reply.Text.Ref is { } address
        ? (await context.CallActivityAsync(ActivityReferences.ReadVote, new VoteRequest(address, input.Extract), options)).Vote
        : input.Extract.VoteOf(reply.Text.Text ?? "");

    /// <summary>Counts a member that has ended, and says whether the others don't matter any more.</summary>
    private bool Note(int place, Branch<EnsembleAnswer> branch)
    {
        ended[place] = true;
        if (branch.Value?.Vote is { } vote)
        {
            ballots.Add(new(place, vote, input.Members[place].Weight));
            Count = VoteCount.Of(ballots);
        }

        if (input.Quorum is not { } quorum) return false;
        return IsQuorum || (quorum.Decided && input.Method == EnsembleMethod.Vote && Count.IsDecided([.. Missing()]));
    }

    private IEnumerable<(int Voter, decimal Weight)> Missing() =>
        Enumerable.Range(0, ended.Length).Where(place => !ended[place]).Select(place => (place, input.Members[place].Weight));
}
