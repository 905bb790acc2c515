using System.Diagnostics.Metrics;
using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>Counts what a worker's circuits and retries do. Thread-safe.</summary>
public sealed class ResilienceMetrics : IDisposable
{
    private readonly Meter meter = new(ResilienceMetricNames.Meter);
    private readonly Counter<long> transitions;
    private readonly Counter<long> refused;
    private readonly Counter<long> retries;
    private readonly Counter<long> exhausted;

    /// <summary>Makes the instruments.</summary>
    public ResilienceMetrics()
    {
        transitions = meter.CreateCounter<long>(ResilienceMetricNames.Transitions, "{transition}", "How often circuits changed.");
        refused = meter.CreateCounter<long>(ResilienceMetricNames.Refused, "{call}", "Calls that were not made because a circuit was open.");
        retries = meter.CreateCounter<long>(ResilienceMetricNames.Retries, "{call}", "Calls of models that were made again.");
        exhausted = meter.CreateCounter<long>(ResilienceMetricNames.Exhausted, "{call}", "Calls of models that were not made again because the retry budget was spent.");
    }

    /// <summary>Ends the meter.</summary>
    public void Dispose() => meter.Dispose();

    internal void Changed(CircuitTarget target, CircuitPhase to) => transitions.Add(1, new(ResilienceMetricNames.Target, target.Key), new(ResilienceMetricNames.To, to switch
    {
        CircuitPhase.Closed => "closed",
        CircuitPhase.Open => "open",
        _ => "half_open",
    }));

    internal void Refused(CircuitTarget target) => refused.Add(1, new KeyValuePair<string, object?>(ResilienceMetricNames.Target, target.Key));

    internal void Retried(string model) => retries.Add(1, new KeyValuePair<string, object?>(ResilienceMetricNames.Model, model));

    internal void Exhausted(string model) => exhausted.Add(1, new KeyValuePair<string, object?>(ResilienceMetricNames.Model, model));
}
