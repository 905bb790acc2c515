namespace AgentFunctions.Core.Tools;

/// <summary>How a tool may be called, whatever it says itself. Bound from <c>Tools:Traits:{name}</c>.</summary>
public sealed class ToolTraitOptions
{
    /// <summary>What calling it does to the world: Unsafe, Idempotent or ReadOnly. Default: what the tool says, else Unsafe.</summary>
    public ToolEffect? Effect { get; set; }

    /// <summary>How long one call may take, 1 ms to 1 day. Default: what the tool says, else Tools:Timeout.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long its answers may be kept, 1 second to 365 days; zero for not at all. For an idempotent tool, this is what has its answers kept; an unsafe tool's never are. Default: what the tool says, else by its effect.</summary>
    public TimeSpan? CacheFor { get; set; }

    internal IEnumerable<string> Errors(string name)
    {
        if (Effect is { } effect && !Enum.IsDefined(effect)) yield return $"{ToolOptions.Section}:Traits:{name}:Effect is {effect}. Set it to Unsafe, Idempotent or ReadOnly.";
        if (Timeout is { } timeout && !ToolTraits.Fits(timeout)) yield return $"{ToolOptions.Section}:Traits:{name}:Timeout is {timeout}. Set it to between 00:00:00.001 and 1.00:00:00.";
        if (CacheFor is { } time && !ToolTraits.FitsCache(time)) yield return $"{ToolOptions.Section}:Traits:{name}:CacheFor is {time}. Set it to 00:00:00 for never, or to between 00:00:01 and 365.00:00:00.";
        if (CacheFor > TimeSpan.Zero && Effect == ToolEffect.Unsafe) yield return $"{ToolOptions.Section}:Traits:{name}:CacheFor is {CacheFor} and its Effect Unsafe: answers of such a tool are never kept. Leave CacheFor out, or set Effect to ReadOnly or Idempotent if it is.";
    }
}
