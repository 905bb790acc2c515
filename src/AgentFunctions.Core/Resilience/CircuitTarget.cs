namespace AgentFunctions.Core.Resilience;

/// <summary>What kind of thing may break.</summary>
public enum CircuitKind
{
    /// <summary>A model at an endpoint.</summary>
    Deployment,

    /// <summary>A tool, or one of the services that a tool stands for.</summary>
    Tool,
}

/// <summary>Something that may break.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Name">A deployment (model@host), a tool's name, or a tool's service (tool@host). It holds nothing of a tenant.</param>
public sealed record CircuitTarget(CircuitKind Kind, string Name)
{
    /// <summary>The key of its entity.</summary>
    public string Key => Kind == CircuitKind.Tool ? $"tool:{Name}" : Name;

    /// <summary>In words.</summary>
    public override string ToString() => Kind == CircuitKind.Tool ? $"tool '{Name}'" : $"deployment '{Name}'";
}
