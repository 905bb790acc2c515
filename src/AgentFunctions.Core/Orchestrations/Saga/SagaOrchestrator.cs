using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>
/// Steps that belong together but have no common transaction: they run in order, and when one does not succeed, or the event <c>cancel</c> comes, those
/// that took effect are compensated in reverse order. A compensation that fails for good waits for a person's event <c>compensation</c>. Each step and each
/// compensation takes effect at most once, by the idempotency key that its tool gets.
/// </summary>
public sealed class SagaOrchestrator : Orchestrator<SagaInput, SagaResult>
{
    /// <inheritdoc/>
    public override void Validate(SagaInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        SagaValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override Task<SagaResult> RunAsync(OrchestrationContext context, SagaInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return new SagaRun(context, input).RunAsync();
    }
}
