using System.Diagnostics;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>The model and tool calls that ended in a run, so that plain code can make the same ones again, one after the other.</summary>
internal sealed class CallRecord
{
    private readonly Lock gate = new();
    private List<Func<Task>>? calls;

    public void Begin()
    {
        lock (gate) calls = [];
    }

    public void Add(Func<Task> call)
    {
        lock (gate) calls?.Add(call);
    }

    public IReadOnlyList<Func<Task>> End()
    {
        lock (gate)
        {
            var made = calls ?? throw new InvalidOperationException("Nothing was recorded. Call Begin first.");
            calls = null;
            return made;
        }
    }

    /// <summary>Makes them one after the other, and says how many milliseconds that took.</summary>
    public static async Task<double> RepeatAsync(IEnumerable<Func<Task>> made)
    {
        var from = Stopwatch.GetTimestamp();
        foreach (var call in made) await call();
        return Bench.Milliseconds(from);
    }
}
