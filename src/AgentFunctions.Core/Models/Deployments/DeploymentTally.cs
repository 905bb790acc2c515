namespace AgentFunctions.Core.Models.Deployments;

/// <summary>What a worker has counted of a deployment. Not thread-safe.</summary>
internal sealed class DeploymentTally
{
    private const int Kept = 128;
    private readonly double[] times = new double[Kept];
    private long measured;

    public long Calls { get; private set; }

    public long Answered { get; private set; }

    public long Failures { get; private set; }

    public long Refusals { get; private set; }

    public void Start() => Calls++;

    public void Measure(TimeSpan took) => times[measured++ % Kept] = took.TotalMilliseconds;

    public void End(CallOutcome outcome)
    {
        switch (outcome)
        {
            case CallOutcome.Answered:
                Answered++;
                break;
            case CallOutcome.Failed:
                Failures++;
                break;
            case CallOutcome.Refused:
                Refusals++;
                break;
        }
    }

    /// <summary>What 95 % of the last answers took at most, in milliseconds.</summary>
    public double? P95()
    {
        var count = (int)Math.Min(measured, Kept);
        if (count == 0) return null;
        var sorted = times[..count];
        Array.Sort(sorted);
        return sorted[(int)Math.Ceiling(0.95 * count) - 1];
    }
}
