namespace AgentFunctions.Core.Resilience;

/// <summary>What is measured of circuits and retries, and under which names.</summary>
public static class ResilienceMetricNames
{
    /// <summary>The meter.</summary>
    public const string Meter = "AgentFunctions.Resilience";

    /// <summary>How often circuits changed on this worker, by <see cref="Target"/> and <see cref="To"/>.</summary>
    public const string Transitions = "agentfunctions.circuit.transitions";

    /// <summary>Calls that were not made because a circuit was open, by <see cref="Target"/>.</summary>
    public const string Refused = "agentfunctions.circuit.refused";

    /// <summary>Calls of models that were made again, by <see cref="Model"/>.</summary>
    public const string Retries = "agentfunctions.retry.retries";

    /// <summary>Calls of models that were not made again because the retry budget was spent, by <see cref="Model"/>.</summary>
    public const string Exhausted = "agentfunctions.retry.budget_exhausted";

    /// <summary>The tag that names what may break.</summary>
    public const string Target = "target";

    /// <summary>The tag that names the phase after a change: <c>closed</c>, <c>open</c>, <c>half_open</c>.</summary>
    public const string To = "to";

    /// <summary>The tag that names the model.</summary>
    public const string Model = "model";
}
