using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Effects;

/// <summary>Something that becomes visible outside the engine. It is released only after what led to it is durable.</summary>
internal abstract class Effect
{
    /// <summary>Makes it visible.</summary>
    public abstract void Release(IEffectTarget target);

    /// <summary>The engine has stopped: whoever waits for this is told so.</summary>
    public virtual void Abandon(Exception reason)
    {
    }
}

/// <summary>Where effects go: the real dispatcher, or a simulated one.</summary>
internal interface IEffectTarget
{
    void Run(ActivityWork work);

    void Cancel(long handle, int callId);
}

/// <summary>An activity is to run.</summary>
internal sealed class ActivityWork(Instance instance, int callId, string name, ReadOnlyMemory<byte> input) : Effect
{
    public long Handle { get; } = instance.Handle;
    public int CallId { get; } = callId;
    public string InstanceId { get; } = instance.Id;
    public string Name { get; } = name;
    public Core.Durable.RunPriority Priority { get; } = instance.Priority;
    public Core.Policies.Budgets.BudgetLimit? Budget { get; } = instance.Budget;

    /// <summary>Its input; dropped once it is running.</summary>
    public ReadOnlyMemory<byte> Input { get; set; } = input;

    /// <summary>When it could have begun, by the dispatcher's monotonic clock.</summary>
    public long ReleasedAt { get; set; }

    public override void Release(IEffectTarget target) => target.Run(this);
}

/// <summary>Nobody waits for an activity any more.</summary>
internal sealed class ActivityCancellation(long handle, int callId) : Effect
{
    public override void Release(IEffectTarget target) => target.Cancel(handle, callId);
}

/// <summary>A client gets its answer.</summary>
internal sealed class Reply<T>(TaskCompletionSource<T> source, T value) : Effect
{
    public override void Release(IEffectTarget target) => source.TrySetResult(value);

    public override void Abandon(Exception reason) => source.TrySetException(reason);
}

/// <summary>A client is told that its request was refused.</summary>
internal sealed class Refusal<T>(TaskCompletionSource<T> source, Exception reason) : Effect
{
    public override void Release(IEffectTarget target) => source.TrySetException(reason);

    public override void Abandon(Exception abandoned) => source.TrySetException(abandoned);
}

/// <summary>Those who follow a run are told that it has changed.</summary>
internal sealed class Notification(Messages.IRunObserver observer, RunSnapshot snapshot) : Effect
{
    public override void Release(IEffectTarget target) => observer.OnChanged(snapshot);

    public override void Abandon(Exception reason) => observer.OnStopped(reason);
}
