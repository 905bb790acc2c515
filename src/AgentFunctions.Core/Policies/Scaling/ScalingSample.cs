namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>How loaded all workers together are.</summary>
public sealed record ScalingSample
{
    /// <summary>How many workers there are.</summary>
    public int Workers { get; init; }

    /// <summary>How many activities may run at once on all of them.</summary>
    public int Slots { get; init; }

    /// <summary>How many activities run.</summary>
    public int Running { get; init; }

    /// <summary>How many activities wait for a place, where the workers see that.</summary>
    public int Waiting { get; init; }

    /// <summary>How long an activity takes on average; zero where none has ended yet.</summary>
    public TimeSpan RunTime { get; init; }

    /// <summary>How long nineteen of twenty activities waited at most, on the worker where that is longest.</summary>
    public TimeSpan WaitP95 { get; init; }

    /// <summary>The share of activities that failed for reasons that may pass, 0 to 1.</summary>
    public double FailureShare { get; init; }

    /// <summary>The share of running activities that wait for a provider's quota, 0 to 1.</summary>
    public double LimitedShare { get; init; }

    /// <summary>The share of slots that is taken or asked for: above 1 where activities wait.</summary>
    public double Utilisation => Slots > 0 ? (double)(Running + Waiting) / Slots : 0;

    /// <summary>How long what waits would take on these workers: waiting × run time ÷ slots.</summary>
    public TimeSpan QueueTime => Slots > 0 ? RunTime * ((double)Waiting / Slots) : TimeSpan.Zero;

    /// <summary>The slots that the work needs: those that are taken, and as many as work off what waits in time, one for each at most.</summary>
    /// <param name="drainWithin">In how long what waits is to be worked off.</param>
    public double Demand(TimeSpan drainWithin) => Running + (Waiting * (RunTime > TimeSpan.Zero ? Math.Min(1, RunTime / drainWithin) : 1));
}
