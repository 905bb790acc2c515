using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>What tools of other makes need to fit in.</summary>
public static class ToolExtensions
{
    /// <summary>Says how a tool may be called: <c>AIFunctionFactory.Create(GetWeather, "get-weather").With(ToolEffect.ReadOnly)</c>.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="effect">What calling it does to the world.</param>
    /// <param name="timeout">How long one call may take, 1 ms to 1 day. Default: what the tool says, else the host's default.</param>
    /// <param name="version">Which version of it this is. Default: what the tool says.</param>
    /// <param name="cacheFor">How long its answers may be kept, 1 second to 365 days; zero for not at all. Default: what the tool says, else by its effect.</param>
    /// <returns>The tool, with these traits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The effect is none, or a time is out of range.</exception>
    public static AIFunction With(this AIFunction tool, ToolEffect effect, TimeSpan? timeout = null, string? version = null, TimeSpan? cacheFor = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!Enum.IsDefined(effect)) throw new ArgumentOutOfRangeException(nameof(effect), effect, "Use Unsafe, Idempotent or ReadOnly.");
        if (timeout is { } given && !ToolTraits.Fits(given)) throw new ArgumentOutOfRangeException(nameof(timeout), given, "Set it to between 1 ms and 1 day.");
        if (cacheFor is { } kept && !ToolTraits.FitsCache(kept)) throw new ArgumentOutOfRangeException(nameof(cacheFor), kept, "Set it to zero for never, or to between 1 second and 365 days.");
        var properties = new Dictionary<string, object?>(tool.AdditionalProperties, StringComparer.Ordinal) { [ToolTraits.EffectProperty] = effect };
        if (timeout is not null) properties[ToolTraits.TimeoutProperty] = timeout;
        if (version is not null) properties[ToolTraits.VersionProperty] = version;
        if (cacheFor is not null) properties[ToolTraits.CacheForProperty] = cacheFor;
        return new ToolWithTraits(tool, properties);
    }

    /// <summary>
    /// The key by which a tool can tell a repeated call from a new one, equal for every attempt at a call, be it the engine's or a retry, and for no other: hand it to whatever deduplicates, such as an <c>Idempotency-Key</c> header.
    /// Null where the tool was not called by CallTool.
    /// </summary>
    /// <param name="arguments">The arguments that the tool was called with; an AIFunctionFactory tool gets them by a parameter of this type.</param>
    public static string? IdempotencyKey(this AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context is not { } context ? null
            : context.TryGetValue(typeof(ToolCall), out var it) && it is ToolCall call && (call.IdempotencyKey ?? call.RetryKey) is { } key ? key
            : context.TryGetValue(typeof(ActivityContext), out var served) ? (served as ActivityContext)?.IdempotencyKey
            : null;
    }

    /// <summary>
    /// Says how long this answer may be kept, for tools that learn it with the answer; of several words the shortest counts. A tool that gives its result as an object can
    /// say it there instead, by <see cref="ICacheable"/>. Does nothing where the tool was not called by CallTool.
    /// </summary>
    /// <param name="arguments">The arguments that the tool was called with; an AIFunctionFactory tool gets them by a parameter of this type.</param>
    /// <param name="limit">How long; zero or less for not at all.</param>
    public static void LimitCaching(this AIFunctionArguments arguments, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Context is { } context && context.TryGetValue(typeof(CacheLimit), out var it) && it is CacheLimit known) known.Lower(limit);
    }

    private sealed class ToolWithTraits(AIFunction tool, IReadOnlyDictionary<string, object?> properties) : DelegatingAIFunction(tool)
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
    }
}
