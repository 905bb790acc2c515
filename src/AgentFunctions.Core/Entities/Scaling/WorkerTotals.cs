using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Entities.Scaling;

/// <summary>Adds up workers.</summary>
internal static class WorkerTotals
{
    // A worker on which nothing ends now still counts a little: what it says is all there is where nothing ends anywhere.
    private const double Least = 1e-6;

    /// <summary>All of them together: sums; averages by how much ends on each; the longest wait.</summary>
    public static ScalingSample Of(IEnumerable<KnownWorker> workers)
    {
        var (count, slots, running, waiting, limited) = (0, 0, 0, 0, 0);
        var (weights, failures, seconds, timed) = (0.0, 0.0, 0.0, 0.0);
        var wait = TimeSpan.Zero;
        foreach (var worker in workers)
        {
            var load = worker.Load;
            count++;
            slots += load.Slots;
            running += load.Running;
            waiting += load.Waiting.Total;
            limited += worker.Limited;
            wait = load.WaitTimeP95 > wait ? load.WaitTimeP95 : wait;
            var weight = Math.Max(0, load.EndedPerSecond) + Least;
            weights += weight;
            failures += weight * load.FailureShare;
            if (load.RunTimeMean > TimeSpan.Zero)
            {
                timed += weight;
                seconds += weight * load.RunTimeMean.TotalSeconds;
            }
        }

        return new ScalingSample
        {
            Workers = count,
            Slots = slots,
            Running = running,
            Waiting = waiting,
            RunTime = timed > 0 ? TimeSpan.FromSeconds(seconds / timed) : TimeSpan.Zero,
            WaitP95 = wait,
            FailureShare = weights > 0 ? Math.Clamp(failures / weights, 0, 1) : 0,
            LimitedShare = running > 0 ? Math.Clamp((double)limited / running, 0, 1) : 0,
        };
    }
}
