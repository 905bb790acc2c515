using System.Collections.Immutable;

namespace AgentFunctions.Core.Policies.Sagas;

/// <summary>
/// Where a saga stands and what comes next: steps forward in order; after a failure or a cancellation, compensations backward in reverse order; what
/// can't be compensated waits for a person (Garcia-Molina and Salem, "Sagas", SIGMOD 1987, backward recovery). Pure: each event gives a new course.
/// </summary>
public sealed record SagaCourse
{
    private SagaCourse()
    {
    }

    /// <summary>What is known of the steps beforehand.</summary>
    public required ImmutableArray<SagaTraits> Traits { get; init; }

    /// <summary>Where each step stands.</summary>
    public required ImmutableArray<SagaStepStatus> Steps { get; init; }

    /// <summary>Where each compensation stands.</summary>
    public required ImmutableArray<SagaUndoStatus> Undos { get; init; }

    /// <summary>Whether no further step begins: a step did not succeed, or the saga was cancelled.</summary>
    public bool TurnedBack { get; init; }

    /// <summary>Whether compensations of earlier steps wait while one of a later step is parked.</summary>
    public bool WaitsWhenParked { get; init; }

    /// <summary>What comes next.</summary>
    public SagaMove Next
    {
        get
        {
            if (!TurnedBack) return Steps.IndexOf(SagaStepStatus.NotStarted) is var step and >= 0 ? new(SagaMoveKind.Step, step) : new(SagaMoveKind.End);
            var undo = Undos.LastIndexOf(SagaUndoStatus.Due);
            var parked = Undos.LastIndexOf(SagaUndoStatus.Parked);
            return undo >= 0 && !(WaitsWhenParked && parked > undo) ? new(SagaMoveKind.Compensation, undo)
                : parked >= 0 ? new(SagaMoveKind.Person)
                : new(SagaMoveKind.End);
        }
    }

    /// <summary>A saga at its beginning.</summary>
    /// <param name="traits">What is known of the steps, in order.</param>
    /// <param name="waitsWhenParked">Whether compensations of earlier steps wait while one of a later step is parked.</param>
    public static SagaCourse Of(IEnumerable<SagaTraits> traits, bool waitsWhenParked)
    {
        ImmutableArray<SagaTraits> all = [.. traits];
        return new() { Traits = all, Steps = [.. all.Select(_ => SagaStepStatus.NotStarted)], Undos = [.. all.Select(_ => SagaUndoStatus.NotNeeded)], WaitsWhenParked = waitsWhenParked };
    }

    /// <summary>A step has ended.</summary>
    /// <param name="step">The step that was next.</param>
    /// <param name="status">How: succeeded, refused or unknown.</param>
    /// <exception cref="InvalidOperationException">The step was not the next.</exception>
    public SagaCourse StepEnded(int step, SagaStepStatus status)
    {
        if (TurnedBack || Next != new SagaMove(SagaMoveKind.Step, step)) throw NotNext($"step {step} has ended");
        var ended = this with { Steps = Steps.SetItem(step, status) };
        return status == SagaStepStatus.Succeeded ? ended : ended.Cancel();
    }

    /// <summary>No further step is to begin, and what was done is to be compensated. Does nothing the second time.</summary>
    public SagaCourse Cancel() => TurnedBack ? this : this with { TurnedBack = true, Undos = [.. Steps.Select((status, step) => UndoOf(status, Traits[step]))] };

    /// <summary>A compensation has ended.</summary>
    /// <param name="step">The step that was to be compensated next.</param>
    /// <param name="isDone">Whether it was done. If not, it is parked.</param>
    /// <exception cref="InvalidOperationException">It was not the next.</exception>
    public SagaCourse CompensationEnded(int step, bool isDone) =>
        Next == new SagaMove(SagaMoveKind.Compensation, step) ? With(step, isDone ? SagaUndoStatus.Done : SagaUndoStatus.Parked) : throw NotNext($"the compensation of step {step} has ended");

    /// <summary>A person has decided about a parked compensation.</summary>
    /// <param name="step">The step.</param>
    /// <param name="decision">What was decided.</param>
    /// <exception cref="InvalidOperationException">It is not parked.</exception>
    public SagaCourse Resolve(int step, SagaDecision decision) => !IsParked(step) ? throw NotNext($"a person has decided about step {step}") : With(step, decision switch
    {
        SagaDecision.Done => SagaUndoStatus.DoneByHand,
        SagaDecision.Skip => SagaUndoStatus.Skipped,
        _ => SagaUndoStatus.Due,
    });

    /// <summary>Nobody decided in time: what is parked stays as it is.</summary>
    public SagaCourse Expire() => this with { Undos = [.. Undos.Select(undo => undo is SagaUndoStatus.Parked or SagaUndoStatus.Due ? SagaUndoStatus.Unresolved : undo)] };

    /// <summary>Whether a step's compensation is parked.</summary>
    /// <param name="step">The step.</param>
    public bool IsParked(int step) => step >= 0 && step < Undos.Length && Undos[step] == SagaUndoStatus.Parked;

    private static SagaUndoStatus UndoOf(SagaStepStatus status, SagaTraits traits) => (status, traits) switch
    {
        (SagaStepStatus.Succeeded, { IsCompensated: true }) => SagaUndoStatus.Due,
        (SagaStepStatus.Unknown, { IsCompensated: true, IsSafeIfUnknown: true }) => SagaUndoStatus.Due,
        (SagaStepStatus.Unknown, { IsCompensated: true }) => SagaUndoStatus.Parked,
        _ => SagaUndoStatus.NotNeeded,
    };

    private SagaCourse With(int step, SagaUndoStatus status) => this with { Undos = Undos.SetItem(step, status) };

    private InvalidOperationException NotNext(string what) => new($"It is said that {what}, but the next move is {Next}. This is a defect in Saga; report it.");
}

/// <summary>What is known of a step beforehand.</summary>
/// <param name="IsCompensated">Whether it has a compensation.</param>
/// <param name="IsSafeIfUnknown">Whether the compensation may run when nobody knows whether the step took effect.</param>
public sealed record SagaTraits(bool IsCompensated, bool IsSafeIfUnknown);

/// <summary>What comes next in a saga.</summary>
/// <param name="Kind">What.</param>
/// <param name="Step">Which step, from 0.</param>
public sealed record SagaMove(SagaMoveKind Kind, int Step = -1);

/// <summary>The kinds of moves.</summary>
public enum SagaMoveKind
{
    /// <summary>A step forward.</summary>
    Step,

    /// <summary>A step's compensation.</summary>
    Compensation,

    /// <summary>A wait for a person's decision.</summary>
    Person,

    /// <summary>Nothing: the saga is over.</summary>
    End,
}
