using System.Collections.Concurrent;

namespace AgentFunctions.Conformance.Observation;

/// <summary>What an orchestrator saw each time it came to a point of its code: once, and again on each replay.</summary>
/// <typeparam name="T">What is seen.</typeparam>
public sealed class Visits<T>
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<T>> byPoint = new(StringComparer.Ordinal);

    /// <summary>What was seen at each point, in the order of the visits.</summary>
    public IReadOnlyDictionary<string, T[]> ByPoint => byPoint.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);

    /// <summary>Notes a visit.</summary>
    public void Note(string point, T seen) => byPoint.GetOrAdd(point, _ => new ConcurrentQueue<T>()).Enqueue(seen);
}
