using System.Collections.Concurrent;

namespace AgentFunctions.Core.Limiting;

/// <summary>The gates of a worker, one for each model at each endpoint; none where <see cref="LimitOptions.MaxInFlight"/> is not set.</summary>
/// <param name="options">How many calls may be in flight, and the waits.</param>
/// <param name="time">The clock.</param>
public sealed class CallGates(LimitOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CallGate> gates = new(StringComparer.Ordinal);

    /// <summary>The gate of a model at an endpoint; null where there is no limit.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="model">The model's name.</param>
    public CallGate? Find(Uri endpoint, string model) =>
        options.MaxInFlight is { } most ? gates.GetOrAdd(DeploymentLimiters.NameOf(endpoint, model), name => new CallGate(name, most, options, time)) : null;

    /// <summary>Where all of them stand, by name; null where there is no limit.</summary>
    public IReadOnlyList<GateStatus>? Status() =>
        options.MaxInFlight is null ? null : [.. gates.Values.Select(gate => gate.Status()).OrderBy(status => status.Deployment, StringComparer.Ordinal)];
}
