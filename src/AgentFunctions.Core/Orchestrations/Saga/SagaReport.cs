using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Sagas;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Writes the result, and what a person needs to know of a parked compensation. Pure.</summary>
internal static class SagaReport
{
    public static SagaResult Result(SagaLedger ledger, SagaCourse course)
    {
        SagaParked[] left = [.. Enumerable.Range(0, ledger.Entries.Count).Where(place => course.Undos[place] is SagaUndoStatus.Skipped or SagaUndoStatus.Unresolved).Select(place => Parked(ledger.Entries[place], course.Steps[place]))];
        return new()
        {
            Outcome = !course.TurnedBack ? SagaOutcome.Completed : left.Length > 0 ? SagaOutcome.PartlyCompensated : SagaOutcome.Compensated,
            Steps = [.. ledger.Entries.Select((entry, place) => Outcome(entry, course.Steps[place], course.Undos[place]))],
            Cancelled = ledger.Cancelled,
            Left = left.Length > 0 ? left : null,
            Notices = ledger.Notices.Count > 0 ? ledger.Notices : null,
            Cost = Cost.Sum(ledger.Entries.SelectMany(entry => (Cost?[])[entry.Reply?.Cost, entry.UndoCost])),
        };
    }

    public static SagaParked Parked(SagaEntry entry, SagaStepStatus status) => new()
    {
        Step = entry.Step.Key,
        StepStatus = status,
        Did = new(entry.Step.Tool, entry.Arguments, entry.Key),
        Value = entry.Reply?.Value,
        Ref = entry.Reply?.Ref,
        Undo = new(entry.Step.Compensation!.Tool, entry.UndoArguments ?? entry.Step.Compensation.Arguments, entry.UndoKey),
        Error = entry.UndoError ?? new FailureDetails { Type = "OutcomeUnknown", Message = $"Nobody knows whether the step took effect, and its compensation is not declared safe for that. Look, and undo it if it did. {entry.Error?.Type}: {entry.Error?.Message}" },
        Attempts = entry.UndoAttempts,
        Since = entry.ParkedSince ?? entry.ResolvedAt!.Value,
    };

    private static SagaStepOutcome Outcome(SagaEntry entry, SagaStepStatus status, SagaUndoStatus undo) => new()
    {
        Key = entry.Step.Key,
        Status = status,
        Attempts = entry.Attempts,
        Value = entry.Reply?.Value,
        Ref = entry.Reply?.Ref,
        Error = entry.Error,
        IdempotencyKey = entry.Key,
        Compensation = undo == SagaUndoStatus.NotNeeded ? null : new()
        {
            Status = undo,
            Attempts = entry.UndoAttempts,
            Error = entry.UndoError,
            IdempotencyKey = entry.UndoKey,
            By = entry.Resolution?.By,
            Note = entry.Resolution?.Note,
            At = entry.ResolvedAt,
        },
    };
}
