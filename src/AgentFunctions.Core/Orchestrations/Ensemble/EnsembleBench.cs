using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>What came of asking the judge: the chosen member's place, or null where the vote has to do.</summary>
internal sealed record EnsembleJudgement(int? Choice, EnsembleVerdict Verdict, string? Notice);

/// <summary>Asks the judge, once more where its reply is not valid. Candidates are shown in a drawn order.</summary>
internal sealed class EnsembleBench(OrchestrationContext context, EnsembleInput input, EnsemblePoll poll, ReplaySafeRandom random)
{
    private const int MostReplies = 2;
    private readonly EnsembleJudge judge = input.Judge ?? new();
    private readonly List<string> faults = [];
    private Cost cost = Cost.None;
    private string? model;

    public async Task<EnsembleJudgement> AskAsync()
    {
        context.SetCustomStatus(new RunProgress("judge", 0, 1));
        var shown = Shuffled([.. Enumerable.Range(0, poll.Branches.Count).Where(place => poll.Branches[place].IsSuccess)]);
        Content[] candidates = [.. shown.Select(place => poll.Branches[place].Value!.Reply.Text)];
        string? notice = null;
        for (var attempt = 1; attempt <= MostReplies; attempt++)
        {
            var reply = await ReplyAsync(candidates);
            if (reply is null) break;
            notice = reply.Notice;
            var read = Read(reply, candidates.Length);
            if (read.Fault is null) return new(Chosen(shown, read.Best), Verdict(shown, read.Scores), notice);
            faults.Add(read.Fault);
        }

        return new(null, Verdict(shown, null), $"The judge gave no valid reply, so the vote decided. {string.Join(' ', faults)}");
    }

    private async Task<ModelReply?> ReplyAsync(Content[] candidates)
    {
        var body = new BranchBody<ModelReply>("judge", token => context.CallActivityAsync(
            ActivityReferences.CallModel,
            EnsemblePrompts.Judge(input, judge, candidates, faults.LastOrDefault()),
            new CallOptions { Label = "judge", Cancellation = token }));
        var options = new FanOutOptions { BranchTimeout = judge.Timeout, Retry = new RetryPolicy { MaxAttempts = input.MaxAttempts } };
        var branch = (await FanOut.RunAsync(context, [body], options))[0];
        if (branch.Value is { } reply)
        {
            cost += reply.Cost ?? Cost.None;
            model = reply.Model;
            return reply;
        }

        faults.Add($"{branch.Error?.Type}: {branch.Error?.Message}");
        return null;
    }

    private JudgeReply Read(ModelReply reply, int candidates) =>
        reply.Text.Text is not { } text ? new([], null, $"It has {reply.Text.Ref?.Length} bytes, far more than were asked for.")
        : judge.Scores ? JudgeReply.Scored(text, candidates)
        : JudgeReply.Choice(text, candidates);

    /// <summary>Of equal scores the weightiest member's; of equal weights the first member's.</summary>
    private int Chosen(int[] shown, IReadOnlyList<int> best) => best.Select(candidate => shown[candidate]).Order().MaxBy(place => input.Members[place].Weight);

    private EnsembleVerdict Verdict(int[] shown, IReadOnlyList<double>? scores) => new()
    {
        Model = model,
        Valid = model is not null && faults.Count < MostReplies,
        Shown = [.. shown.Select(place => input.Members[place].Key)],
        Scores = scores,
        Faults = faults.Count > 0 ? faults : null,
        Cost = cost,
    };

    /// <summary>Fisher and Yates's shuffle.</summary>
    private int[] Shuffled(int[] places)
    {
        for (var i = places.Length - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (places[i], places[j]) = (places[j], places[i]);
        }

        return places;
    }
}
