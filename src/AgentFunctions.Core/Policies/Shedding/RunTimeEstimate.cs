using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>
/// How long a run of an orchestrator takes once it goes: an exponentially weighted mean of what was seen. It is forgotten where none was seen for a minute, so that a mean
/// from bad times can't keep out the very runs that would mend it. Pure.
/// </summary>
/// <param name="Mean">The mean.</param>
/// <param name="SeenAt">When one was last seen.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RunTimeEstimate(TimeSpan Mean, DateTimeOffset SeenAt)
{
    /// <summary>For how long an estimate holds: 1 minute.</summary>
    public static readonly TimeSpan HoldsFor = TimeSpan.FromMinutes(1);

    private const double Weight = 0.2;

    /// <summary>The estimate at a time; zero where it holds no more, or where a clock that was set back says that it was seen long after.</summary>
    /// <param name="now">The time.</param>
    public TimeSpan At(DateTimeOffset now) => (now - SeenAt).Duration() < HoldsFor ? Mean : TimeSpan.Zero;

    /// <summary>Takes a run in that took so long.</summary>
    /// <param name="took">How long; below zero counts as zero.</param>
    /// <param name="now">The time.</param>
    public RunTimeEstimate Note(TimeSpan took, DateTimeOffset now)
    {
        if (took < TimeSpan.Zero) took = TimeSpan.Zero;
        return new(At(now) is var mean && mean > TimeSpan.Zero ? mean + ((took - mean) * Weight) : took, now);
    }

    /// <summary>Takes a run in that has taken so long and goes on: it says something only where it is above the mean already.</summary>
    /// <param name="least">How long it has taken.</param>
    /// <param name="now">The time.</param>
    public RunTimeEstimate NoteAtLeast(TimeSpan least, DateTimeOffset now) => least > At(now) ? Note(least, now) : this;
}
