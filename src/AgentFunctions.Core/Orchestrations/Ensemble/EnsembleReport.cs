using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>Writes the result.</summary>
internal static class EnsembleReport
{
    public static async Task<EnsembleResult> ResultAsync(OrchestrationContext context, EnsembleInput input, EnsemblePoll poll, EnsembleChoice choice, EnsembleJudgement? judgement)
    {
        var branches = poll.Branches;
        if (!branches.Any(branch => branch.IsSuccess)) throw AllFailed(input, branches);
        var winner = choice.Member is { } place ? branches[place].Value!.Reply : null;
        var wasted = branches.Select((branch, i) => branch.Status == BranchStatus.Cancelled ? EnsemblePrompts.InputOf(input, input.Members[i]) : Cost.None).Aggregate(Cost.Add);
        return new()
        {
            Complete = branches.All(branch => branch.IsSuccess),
            Answer = winner?.Text is { Ref: { } address } ? await context.CallActivityAsync(ActivityReferences.ReadContent, address, new RetryPolicy { MaxAttempts = input.MaxAttempts }, "answer") : winner?.Text.Text,
            Winner = choice.Member is { } member ? input.Members[member].Key : null,
            DecidedBy = choice.DecidedBy,
            Agreement = Agreement(input, poll),
            Members = [.. branches.Select((branch, i) => Outcome(input, input.Members[i], branch))],
            Judge = judgement?.Verdict,
            Cost = branches.Select(branch => branch.Cost ?? Cost.None).Aggregate(wasted + (judgement?.Verdict.Cost ?? Cost.None), Cost.Add),
            Wasted = wasted,
            Cache = winner?.Cache,
            Notice = Notice(choice.Notice, judgement?.Notice, winner?.Notice),
        };
    }

    private static EnsembleAgreement Agreement(EnsembleInput input, EnsemblePoll poll)
    {
        string[] unclear = [.. poll.Branches.Where(branch => branch.IsSuccess && branch.Value!.Vote is null).Select(branch => branch.Key)];
        return new()
        {
            Groups = [.. poll.Count.Groups.Select(group => new EnsembleGroup(group.Vote, [.. group.Voters.Select(voter => input.Members[voter].Key)], group.Weight))],
            Ratio = Rounded(poll.Count.Agreement),
            Margin = Rounded(poll.Count.Margin),
            Entropy = Rounded(poll.Count.Entropy),
            Unclear = unclear.Length > 0 ? unclear : null,
        };
    }

    /// <summary>Logarithms differ in their last digits from machine to machine; a replayed result must not.</summary>
    private static double Rounded(double value) => Math.Round(value, 6);

    private static EnsembleMemberOutcome Outcome(EnsembleInput input, EnsembleMember member, Branch<EnsembleAnswer> branch) => new()
    {
        Key = branch.Key,
        Status = branch.Status,
        Answer = branch.Value?.Reply.Text,
        Model = branch.Value?.Reply.Model,
        Error = branch.Error,
        Elapsed = branch.Elapsed,
        Cost = branch.Status == BranchStatus.Cancelled ? EnsemblePrompts.InputOf(input, member) : branch.Cost,
        Cache = branch.Value?.Reply.Cache,
    };

    private static string? Notice(params string?[] notices)
    {
        string[] said = [.. notices.OfType<string>().Distinct(StringComparer.Ordinal)];
        return said.Length > 0 ? string.Join(' ', said) : null;
    }

    private static TaskFailedException AllFailed(EnsembleInput input, IReadOnlyList<Branch<EnsembleAnswer>> branches) => new(new FailureDetails
    {
        Type = BudgetFailures.TypeOf(branches.Select(branch => branch.Error), "AllMembersFailed"),
        Message = $"No member answered. {string.Join(' ', branches.Select((branch, i) => $"{branch.Key} ({input.Members[i].Model}): {branch.Error?.Type}: {branch.Error?.Message}"))}",
        Permanent = branches.All(branch => branch.Error is { Permanent: true }),
        Step = "ensemble",
    });
}
