using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Engine.Execution;

/// <summary>A run's history no longer fits its orchestrator's code.</summary>
internal sealed class NonDeterministicException(string message) : Exception(message);

/// <summary>Brings an execution to where its history ends, and checks at every step that the code still asks for what it asked for then.</summary>
internal static class Replay
{
    /// <summary>Repeats one recorded turn.</summary>
    /// <param name="execution">The execution, brought to the turn before.</param>
    /// <param name="turn">What was recorded.</param>
    /// <param name="number">The turn's number, for the error.</param>
    /// <param name="strict">Whether inputs of calls must be equal too, byte by byte: what tests ask for.</param>
    /// <exception cref="NonDeterministicException">The code asks for something else now.</exception>
    public static void Repeat(OrchestratorExecution execution, Turn turn, int number, bool strict)
    {
        var requests = execution.Turn(turn.Input, turn.At, isReplay: true);
        for (var i = 0; i < Math.Max(requests.Count, turn.Requests.Count); i++)
        {
            var expected = i < turn.Requests.Count ? turn.Requests[i] : null;
            var came = i < requests.Count ? requests[i] : null;
            if (expected is null || came is null || !Matches(expected, came, strict))
            {
                throw new NonDeterministicException(
                    $"The history of run '{execution.InstanceId}' no longer fits the code of orchestrator '{execution.Name}'. At turn {number}, step {i + 1} after {Name(turn.Input)}: "
                    + $"expected {expected?.Describe() ?? "nothing more"}, came {came?.Describe() ?? "nothing more"}. "
                    + "An orchestrator must ask for the same things in the same order on replay: take time, identifiers and effects from its context only, and give changed code a new orchestrator name while old runs are open.");
            }
        }
    }

    private static bool Matches(RequestEvent expected, RequestEvent came, bool strict) =>
        SameStep(expected, came)
        && (!strict || Payload(expected).Span.SequenceEqual(Payload(came).Span));

    private static bool SameStep(RequestEvent expected, RequestEvent came) => (expected, came) switch
    {
        (ActivityScheduled e, ActivityScheduled c) => e.CallId == c.CallId && e.Name == c.Name,
        (SubOrchestrationScheduled e, SubOrchestrationScheduled c) => e.CallId == c.CallId && e.Name == c.Name && e.InstanceId == c.InstanceId,
        (EntityCalled e, EntityCalled c) => e.CallId == c.CallId && e.Entity == c.Entity && e.Operation == c.Operation,
        (EntitySignalled e, EntitySignalled c) => e.Entity == c.Entity && e.Operation == c.Operation,
        (CallEvent e, CallEvent c) => e.GetType() == c.GetType() && e.CallId == c.CallId,
        (CallCancelled e, CallCancelled c) => e.CallId == c.CallId,
        _ => expected.GetType() == came.GetType(),
    };

    private static ReadOnlyMemory<byte> Payload(RequestEvent request) => request switch
    {
        ActivityScheduled e => e.Input,
        SubOrchestrationScheduled e => e.Input,
        EntityCalled e => e.Input,
        EntitySignalled e => e.Input,
        CustomStatusSet e => e.Status,
        ExecutionCompleted e => e.Output,
        ContinuedAsNew e => e.Input,
        _ => default,
    };

    private static string Name(InputEvent input) => input switch
    {
        ExecutionStarted => "the start",
        EventRaised e => $"event '{e.Name}'",
        CallCompleted e => $"the answer to call {e.CallId}",
        CallFailed e => $"the failure of call {e.CallId}",
        TimerFired e => $"timer {e.CallId}",
        _ => input.GetType().Name,
    };
}
