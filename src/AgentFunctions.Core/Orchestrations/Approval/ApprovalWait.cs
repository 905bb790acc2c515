using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>
/// Waits for a person's decision: one external event after the other until one is a decision, with one durable timer at a time for what is
/// due meanwhile. Events that come later find nobody waiting and change nothing.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="input">The request.</param>
/// <param name="eventName">The event that brings a decision.</param>
/// <param name="label">What its steps are called on the timeline.</param>
/// <param name="report">Publishes what it waits for.</param>
internal sealed class ApprovalWait(OrchestrationContext context, ApprovalInput input, string eventName, string label, Action<ApprovalStatus> report)
{
    public const string DefaultEventName = "decision";
    private const int MostRefused = 100;
    private const int ShownRefused = 3;

    private readonly ApprovalSchedule schedule = new(input, context.UtcNow);
    private readonly DateTimeOffset requestedAt = context.UtcNow;
    private readonly List<ApprovalRefusal> refused = [];
    private readonly Queue<ApprovalRefusal> lastRefused = new();
    private int refusedCount;
    private int reminders;
    private int reminded;
    private DateTimeOffset? escalatedAt;

    /// <summary>Waits.</summary>
    /// <param name="cancellationToken">Ends the wait: nobody needs the decision any more.</param>
    /// <exception cref="TaskFailedException">It expired, and no decision was given for that.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<ApprovalResult> RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var notices = new ApprovalNotices(context, input, eventName, label, schedule.ExpiresAt, ended.Token);
        try
        {
            notices.Send(ApprovalNoticeKind.Request, Approvers());
            Report();
            var result = await DecideAsync(notices, ended.Token);
            Report(result);
            return result;
        }
        finally
        {
            // The wait for the event, the timer, and notifications on their way: nothing outlives the decision.
            ended.Cancel();
        }
    }

    private async Task<ApprovalResult> DecideAsync(ApprovalNotices notices, CancellationToken ended)
    {
        Task<JsonElement>? received = null;
        Task? timer = null;
        var due = schedule.Next(reminded, escalated: false);
        while (true)
        {
            received ??= context.WaitForExternalEventAsync<JsonElement>(eventName, ended);
            if (due is not null) timer ??= context.CreateTimerAsync(due.At - context.UtcNow, ended);
            if (timer is null || await Task.WhenAny(received, timer) == received)
            {
                var payload = await received;
                received = null;
                if (Accept(payload) is { } decision) return Decided(decision, notices);
                Report();
                continue;
            }

            await timer;
            timer = null;
            if (due!.Step == ApprovalStep.Expire) return Expired(notices);
            Advance(due.Step, notices);
            due = schedule.Next(reminded, escalatedAt is not null);
        }
    }

    private ApprovalDecision? Accept(JsonElement payload)
    {
        if (ApprovalDecision.Read(payload, input.Choices, Approvers(), out var decidedBy, out var fault) is { } decision) return decision;
        var refusal = new ApprovalRefusal(context.UtcNow, decidedBy is null ? null : Bounded.Text(decidedBy, 100), fault!);
        refusedCount++;
        if (refused.Count < MostRefused) refused.Add(refusal);
        if (lastRefused.Count == ShownRefused) lastRefused.Dequeue();
        lastRefused.Enqueue(refusal with { Reason = Bounded.Text(refusal.Reason, 300) });
        return null;
    }

    private void Advance(ApprovalStep step, ApprovalNotices notices)
    {
        if (step == ApprovalStep.Escalate)
        {
            escalatedAt = context.UtcNow;
            notices.Send(ApprovalNoticeKind.Escalation, input.Escalation!.Approvers);
        }
        else
        {
            reminders++;
            reminded = schedule.Reminded(context.UtcNow, reminded);
            notices.Send(ApprovalNoticeKind.Reminder, Approvers());
        }

        Report();
    }

    private string[] Approvers() =>
        escalatedAt is null ? [.. input.Approvers]
        : input.Escalation!.Replaces ? [.. input.Escalation.Approvers]
        : input.Approvers.Count == 0 ? []
        : [.. input.Approvers.Concat(input.Escalation.Approvers).Distinct(StringComparer.OrdinalIgnoreCase)];

    private ApprovalResult Decided(ApprovalDecision decision, ApprovalNotices notices)
    {
        var isEscalated = escalatedAt is not null
            && input.Escalation!.Approvers.Contains(decision.DecidedBy, StringComparer.OrdinalIgnoreCase)
            && !input.Approvers.Contains(decision.DecidedBy, StringComparer.OrdinalIgnoreCase);
        return Result(notices, decision.Decision, isEscalated ? ApprovalOrigin.Escalation : ApprovalOrigin.Person) with
        {
            DecidedBy = decision.DecidedBy,
            Comment = decision.Comment,
            Data = decision.Data,
        };
    }

    private ApprovalResult Expired(ApprovalNotices notices) => input.Expiry!.Decision is { } decision
        ? Result(notices, decision, ApprovalOrigin.Expiry)
        : throw new TaskFailedException(new FailureDetails
        {
            Type = "ApprovalExpired",
            Message = $"Nobody decided '{Bounded.Text(input.Title, 200)}' within {input.Expiry.After}; {reminders} reminders were due and {refusedCount} events were refused. Ask again, or give 'expiry.decision' for this case.",
            Permanent = true,
            Step = label,
        });

    private ApprovalResult Result(ApprovalNotices notices, string decision, ApprovalOrigin by) => new()
    {
        Decision = decision,
        By = by,
        DecidedAt = context.UtcNow,
        RequestedAt = requestedAt,
        EscalatedAt = escalatedAt,
        Notices = [.. notices.All],
        RefusedCount = refusedCount,
        Refused = refused,
        Cost = notices.Cost,
    };

    private void Report(ApprovalResult? result = null) => report(new()
    {
        Phase = result is null ? "waiting" : "decided",
        Title = Bounded.Text(input.Title, 200),
        EventName = eventName,
        Choices = Bounded.Texts(input.Choices, 10, 60),
        Approvers = Bounded.Texts(Approvers(), 10, 60),
        RequestedAt = requestedAt,
        EscalatedAt = escalatedAt,
        ExpiresAt = schedule.ExpiresAt,
        Reminders = reminders,
        RefusedCount = refusedCount,
        Refused = [.. lastRefused],
        Decision = result?.Decision is { } decision ? Bounded.Text(decision, 60) : null,
        DecidedBy = result?.DecidedBy is { } person ? Bounded.Text(person, 60) : null,
    });
}
