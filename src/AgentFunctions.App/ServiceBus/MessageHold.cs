using AgentFunctions.Api.Admission;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// Holds a message while its lane is shed. Held, it keeps its place among the calls that the host makes at once (<c>maxConcurrentCalls</c>), so the queue is read as fast as
/// there is room and no faster; its lock is renewed meanwhile, and no delivery is spent.
/// </summary>
/// <param name="gate">What lets starts in.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class MessageHold(AdmissionGate gate, TimeProvider time)
{
    /// <summary>It is asked again this often at least, so that room is not left empty.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Asks until the start is let in, for as long as a message may be held.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="orchestrator">What is to be started.</param>
    /// <param name="first">The refusal that it is held for.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>The pass, or null and the last refusal.</returns>
    public async Task<(AdmissionPass? Pass, ShedVerdict Verdict)> WaitAsync(RunPriority lane, string orchestrator, ShedVerdict first, CancellationToken stopping)
    {
        var verdict = first;
        // What was waited for is added up rather than read off a clock, which may be set.
        for (var left = gate.Options.HoldMessages; left > TimeSpan.Zero && !stopping.IsCancellationRequested;)
        {
            var pause = Shortest(verdict.RetryAfter, LongestPause, left);
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            left -= pause;
            (var pass, verdict) = gate.Ask(lane, orchestrator, deadline: null);
            if (pass is not null) return (pass, verdict);
        }

        return (null, verdict);
    }

    private static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        var shortest = times[0];
        foreach (var time in times[1..])
        {
            if (time < shortest) shortest = time;
        }

        return shortest;
    }
}
