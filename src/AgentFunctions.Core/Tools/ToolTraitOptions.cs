namespace AgentFunctions.Core.Tools;

/// <summary>How a tool may be called, whatever it says itself. Bound from <c>Tools:Traits:{name}</c>.</summary>
public sealed class ToolTraitOptions
{
    /// <summary>What calling it does to the world: Unsafe, Idempotent or ReadOnly. Default: what the tool says, else Unsafe.</summary>
    public ToolEffect? Effect { get; set; }

    /// <summary>How long one call may take, 1 ms to 1 day. Default: what the tool says, else Tools:Timeout.</summary>
    public TimeSpan? Timeout { get; set; }

    internal IEnumerable<string> Errors(string name)
    {
        if (Effect is { } effect && !Enum.IsDefined(effect)) yield return $"{ToolOptions.Section}:Traits:{name}:Effect is {effect}. Set it to Unsafe, Idempotent or ReadOnly.";
        if (Timeout is { } timeout && !ToolTraits.Fits(timeout)) yield return $"{ToolOptions.Section}:Traits:{name}:Timeout is {timeout}. Set it to between 00:00:00.001 and 1.00:00:00.";
    }
}
