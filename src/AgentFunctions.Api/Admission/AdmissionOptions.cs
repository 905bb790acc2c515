using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Api.Admission;

/// <summary>When starts are refused because the host is loaded. <see cref="AdmissionOptionsValidation"/> refuses values out of range.</summary>
public sealed class AdmissionOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Admission";

    /// <summary>Whether starts are refused at all for load. Default: true. Without it deadlines mean nothing, and only the number of starts under way is bounded.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The bounds of runs that a person waits for. Default: 32 × places, 2 minutes, 5 s.</summary>
    public LaneAdmission Interactive { get; set; } = new() { Queue = 32, Wait = TimeSpan.FromMinutes(2), ModelWait = TimeSpan.FromSeconds(5) };

    /// <summary>The bounds of other runs; none above those of <see cref="Interactive"/>. Default: 16 × places, 1 minute, 3 s.</summary>
    public LaneAdmission Workflow { get; set; } = new() { Queue = 16, Wait = TimeSpan.FromMinutes(1), ModelWait = TimeSpan.FromSeconds(3) };

    /// <summary>The bounds of runs that nobody waits for; none above those of <see cref="Workflow"/>. Default: 8 × places, 30 s, 2 s.</summary>
    public LaneAdmission Background { get; set; } = new() { Queue = 8, Wait = TimeSpan.FromSeconds(30), ModelWait = TimeSpan.FromSeconds(2) };

    /// <summary>A lane that is shed is taken again below this part of its bounds, 0.1 to 1. Default: 0.7.</summary>
    public double ResumeAt { get; set; } = 0.7;

    /// <summary>How many starts may be under way at once, 4 to 100,000; workflow may have three quarters of them, background half. Default: 256.</summary>
    public int MaxStarting { get; set; } = 256;

    /// <summary>The least time over which those who are refused are told to come back, 0 s to half of <see cref="MaxRetryAfter"/>. Default: 4 s.</summary>
    public TimeSpan RetrySpread { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest Retry-After, 2 s to 1 hour. Default: 2 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a message of the queue is held while its lane is shed, 0 s to 4 min 30 s: its lock is renewed for 5 minutes (host.json, <c>maxAutoLockRenewalDuration</c>),
    /// and it has to be settled before. Default: 4 minutes.
    /// </summary>
    public TimeSpan HoldMessages { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// From this delivery on a message that was held in vain is started all the same, 1 to 10: giving it back once more would spend a delivery, and the last makes it a dead
    /// letter. Keep it well below the queue's <c>maxDeliveryCount</c> (10). Default: 3.
    /// </summary>
    public int StartHeldFrom { get; set; } = 3;

    /// <summary>The same, as the policy takes it.</summary>
    internal SheddingRules Rules => new()
    {
        Interactive = Interactive.Bounds,
        Workflow = Workflow.Bounds,
        Background = Background.Bounds,
        ResumeAt = ResumeAt,
        MostStarting = MaxStarting,
        RetrySpread = RetrySpread,
        LongestRetry = MaxRetryAfter,
    };
}
