namespace AgentFunctions.Core.Tests.Orchestrations.Scripting;

/// <summary>Something an orchestrator has asked for and that has not ended.</summary>
internal sealed class ScriptedStep(ScriptedContext owner, string kind, string name, string? label, Action<ScriptedStep> onOver)
{
    public ScriptedContext Owner { get; } = owner;

    public string Kind { get; } = kind;

    public string Name { get; } = name;

    public bool IsOver { get; private set; }

    public bool WasCancelled { get; private set; }

    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>What else stops when it is cancelled: a sub-orchestration.</summary>
    public Action? OnCancel { get; set; }

    /// <summary>Ends it; false when it had ended before.</summary>
    public bool TryEnd(bool cancelled)
    {
        if (IsOver) return false;
        IsOver = true;
        WasCancelled = cancelled;
        Registration.Dispose();
        onOver(this);
        if (cancelled) OnCancel?.Invoke();
        return true;
    }

    public override string ToString() => $"{Owner.InstanceId}: {Kind} {Name} {label}".TrimEnd();
}
