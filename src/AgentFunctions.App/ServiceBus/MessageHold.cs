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
    /// <param name="deadline">How long from now its result is of use, or null. What can't be in time any more is held no longer.</param>
    /// <param name="first">The refusal that it is held for.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>The pass, or null and the last refusal; and how much of the deadline is left.</returns>
    public async Task<(AdmissionPass? Pass, ShedVerdict Verdict, TimeSpan? Deadline)> WaitAsync(RunPriority lane, string orchestrator, TimeSpan? deadline, ShedVerdict first, CancellationToken stopping)
    {
        var verdict = first;
        for (var left = gate.Options.HoldMessages; left > TimeSpan.Zero && !verdict.IsTooLate;)
        {
            var pause = Shortest(verdict.RetryAfter, LongestPause, left);
            var began = time.GetTimestamp();
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) break;

            // A busy machine is woken late, and the lock is not renewed for longer on that account.
            var took = time.GetElapsedTime(began) is var elapsed && elapsed > pause ? elapsed : pause;
            left -= took;
            deadline -= took;
            (var pass, verdict) = gate.Ask(lane, orchestrator, deadline);
            if (pass is not null) return (pass, verdict, deadline);
        }

        return (null, verdict, deadline);
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
