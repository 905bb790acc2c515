using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Api.Admission;

/// <summary>How long runs take, by orchestrator, from those whose end this host saw because somebody waited for it.</summary>
internal sealed class RunTimes(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RunTimeEstimate> estimates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a run takes once it goes; zero where that is not known.</summary>
    public TimeSpan Of(string orchestrator) => estimates.TryGetValue(orchestrator, out var estimate) ? estimate.At(time.GetUtcNow()) : TimeSpan.Zero;

    /// <summary>A run has completed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="waited">How long it was thought to wait before it went: that is load, not work, and is reckoned anew for each start.</param>
    public void Note(RunState run, TimeSpan waited)
    {
        // What failed or was ended says nothing of how long the work takes.
        if (run.RuntimeStatus == RuntimeStatus.Completed) Change(run.Name, estimate => estimate.Note(run.LastUpdatedTime - run.CreatedTime - waited, time.GetUtcNow()));
    }

    /// <summary>A run has not ended in this time.</summary>
    public void NoteAtLeast(string orchestrator, TimeSpan least) => Change(orchestrator, estimate => estimate.NoteAtLeast(least, time.GetUtcNow()));

    private void Change(string orchestrator, Func<RunTimeEstimate, RunTimeEstimate> change) => estimates.AddOrUpdate(orchestrator, _ => change(default), (_, estimate) => change(estimate));
}
