using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>All that a worker knows of its load as a start comes.</summary>
public sealed record IngressLoad
{
    private static readonly TimeSpan LongestForecast = TimeSpan.FromDays(1);

    /// <summary>The load of the worker: what it runs, what waits for a place, how fast it works. Default: nothing is known of it.</summary>
    public LoadSample Sample { get; init; } = new();

    /// <summary>Starts that were let in and are still being written down, by lane. Each will bring an activity at least. Default: none.</summary>
    public LaneCounts Starting { get; init; } = new(0, 0, 0);

    /// <summary>How long a model call that came now would wait for its turn under its deployment's limits, by lane. Default: no time.</summary>
    public LaneWaits ModelWaits { get; init; } = LaneWaits.None;

    /// <summary>
    /// How many activities end a second while all places are taken: what was seen lately, or what the run times say where that is more, since after a lull few have ended
    /// however fast they are. 0 where neither is known.
    /// </summary>
    public double PerSecond => Math.Max(Sample.EndedPerSecond, Sample.RunTimeP95 > TimeSpan.Zero ? Sample.Slots / Sample.RunTimeP95.TotalSeconds : 0);

    /// <summary>How many activities go before the first one of a run that is started in this lane now.</summary>
    /// <param name="lane">The lane.</param>
    public int Ahead(RunPriority lane) => Sample.Waiting.UpTo(lane) + Starting.UpTo(lane);

    /// <summary>How long the first activity of such a run would wait for a place: those ahead that find none free, by how fast places come free. Zero where that is not known; a day at most.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan PlaceWait(RunPriority lane)
    {
        var behind = Ahead(lane) - Math.Max(0, Sample.Slots - Sample.Running);
        if (behind <= 0 || PerSecond <= 0) return TimeSpan.Zero;
        return behind / PerSecond is var seconds && seconds < LongestForecast.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestForecast;
    }
}
