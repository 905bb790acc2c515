using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>Pauses for a person's decision: reminders, escalation and expiry by durable timers, the decision by an external event.</summary>
public sealed class ApprovalOrchestrator : Orchestrator<ApprovalInput, ApprovalResult>
{
    /// <inheritdoc/>
    public override void Validate(ApprovalInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        ApprovalValidation.Check(input, "", errors);
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">It expired, and <see cref="ApprovalExpiry.Decision"/> is not set.</exception>
    public override Task<ApprovalResult> RunAsync(OrchestrationContext context, ApprovalInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return new ApprovalWait(context, input, input.EventName ?? ApprovalWait.DefaultEventName, "approval", context.SetCustomStatus).RunAsync(CancellationToken.None);
    }
}
