using AgentFunctions.Local.Engine.Effects;

namespace AgentFunctions.Local.Engine;

/// <summary>An activity that has a place. It has one from the moment it leaves its lane, so that a cancellation always finds it.</summary>
internal sealed class RunningActivity(ActivityWork work)
{
    public ActivityWork Work { get; } = work;

    public (long Handle, int CallId) Key => (Work.Handle, Work.CallId);

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>When its code was entered, once it was.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Whether its code has been entered.</summary>
    public bool Begun { get; set; }

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool GivenUp { get; set; }
}
