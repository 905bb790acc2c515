namespace AgentFunctions.Core.Limiting;

/// <summary>
/// How many calls start a second while calls wait: an average over about the last five such seconds. Time in which nothing waits says nothing of what could start, so
/// that a burst after a lull is not taken for one that has to wait. Not thread-safe.
/// </summary>
internal sealed class StartRate
{
    private const double Memory = 5;

    // So few starts make no rate to go by, nor do so few a second.
    private const int Telling = 20;
    private const double Least = 0.1;

    private double sum;
    private long started;
    private double busySeconds;
    private long seenAt;
    private bool wasWaiting;

    /// <summary>The rate; null where there have been too few starts to say.</summary>
    public double? PerSecond => started >= Telling && busySeconds > 0 && sum / (1 - Math.Exp(-busySeconds / Memory)) is var rate && rate >= Least ? rate : null;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="isWaiting">Whether calls wait from now on that only permits keep from starting.</param>
    public void Watch(long now, bool isWaiting)
    {
        if (wasWaiting)
        {
            var seconds = (double)Math.Max(0, now - seenAt) / TimeSpan.TicksPerSecond;
            (sum, busySeconds) = (sum * Math.Exp(-seconds / Memory), busySeconds + seconds);
        }

        (seenAt, wasWaiting) = (now, isWaiting);
    }

    /// <summary>Counts a start.</summary>
    public void Note() => (sum, started) = (sum + (1 / Memory), started + 1);
}
