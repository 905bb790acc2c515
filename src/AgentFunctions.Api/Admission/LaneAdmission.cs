using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Api.Admission;

/// <summary>Where a lane is full.</summary>
public sealed class LaneAdmission
{
    /// <summary>How many activities may be ahead of a new run, in multiples of the host's places, above 0 to 10,000.</summary>
    public double Queue { get; set; }

    /// <summary>How long a new run's first activity may be thought to wait for a place, 1 ms to 1 day.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>How long a model call may be thought to wait for its turn under its deployment's limits, 1 ms to 1 day.</summary>
    public TimeSpan ModelWait { get; set; }

    internal LaneBounds Bounds => new(Queue, Wait, ModelWait);
}
