using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>The leave of one call, which tells how it ended. Only the first word counts. Thread-safe.</summary>
public sealed class CircuitPass
{
    private readonly TargetCircuit circuit;
    private int told;

    internal CircuitPass(TargetCircuit circuit, CircuitLeave leave) => (this.circuit, Leave) = (circuit, leave);

    /// <summary>Whether the call tries something that was broken.</summary>
    public bool IsProbe => Leave.Probe > 0;

    internal CircuitLeave Leave { get; }

    /// <summary>It was answered, if only by a refusal of what was asked.</summary>
    public void Answered() => Tell(CircuitOutcome.Answered, error: null);

    /// <summary>It failed, and not by the caller's fault.</summary>
    /// <param name="error">How.</param>
    public void Failed(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Tell(CircuitOutcome.Failed, error);
    }

    /// <summary>Its end tells nothing of what was called.</summary>
    public void Nothing() => Tell(CircuitOutcome.Nothing, error: null);

    private void Tell(CircuitOutcome outcome, Exception? error)
    {
        if (Interlocked.Exchange(ref told, 1) == 0) circuit.Ended(this, outcome, error);
    }
}
