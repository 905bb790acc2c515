using System.Globalization;
using AgentFunctions.Core.Caching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>What a tool says of itself in <see cref="AITool.AdditionalProperties"/>. What it does not say is null.</summary>
/// <param name="Effect">What calling it does to the world.</param>
/// <param name="Timeout">How long one call may take.</param>
/// <param name="Version">Which version of it this is: a cached answer of another is not used.</param>
/// <param name="CacheFor">How long its answers may be kept; zero for not at all. What it does not say goes by its effect: a read-only tool's are kept as long as Cache says (1 hour unless set), an idempotent one's are not. An unsafe tool's never are, whatever it says.</param>
public sealed record ToolTraits(ToolEffect? Effect = null, TimeSpan? Timeout = null, string? Version = null, TimeSpan? CacheFor = null)
{
    /// <summary>The property of the effect: a <see cref="ToolEffect"/> or its name.</summary>
    public const string EffectProperty = "agentfunctions.effect";

    /// <summary>The property of the timeout: a <see cref="TimeSpan"/>, or one as text (<c>00:00:30</c>).</summary>
    public const string TimeoutProperty = "agentfunctions.timeout";

    /// <summary>The property of the version: a text.</summary>
    public const string VersionProperty = "agentfunctions.version";

    /// <summary>The property of how long answers may be kept: a <see cref="TimeSpan"/>, or one as text (<c>00:10:00</c>).</summary>
    public const string CacheForProperty = "agentfunctions.cacheFor";

    /// <summary>The shortest timeout of a tool: 1 ms.</summary>
    public static TimeSpan ShortestTimeout { get; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest timeout of a tool: 1 day.</summary>
    public static TimeSpan LongestTimeout { get; } = TimeSpan.FromDays(1);

    /// <summary>The traits of a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <exception cref="ArgumentException">A property is of another kind, or out of range.</exception>
    public static ToolTraits Of(AITool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        var properties = tool.AdditionalProperties;
        return new ToolTraits(
            properties.GetValueOrDefault(EffectProperty) switch
            {
                null => null,
                ToolEffect effect when Enum.IsDefined(effect) => effect,
                string text when Enum.TryParse<ToolEffect>(text, ignoreCase: true, out var effect) && Enum.IsDefined(effect) => effect,
                var other => throw Wrong(tool, EffectProperty, other, "Set it to Unsafe, Idempotent or ReadOnly."),
            },
            properties.GetValueOrDefault(TimeoutProperty) switch
            {
                null => null,
                TimeSpan timeout when Fits(timeout) => timeout,
                string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && Fits(timeout) => timeout,
                var other => throw Wrong(tool, TimeoutProperty, other, "Set it to between 1 ms and 1 day, such as 00:00:30."),
            },
            properties.GetValueOrDefault(VersionProperty) switch
            {
                null => null,
                string version => version,
                var other => throw Wrong(tool, VersionProperty, other, "Set it to a text."),
            },
            properties.GetValueOrDefault(CacheForProperty) switch
            {
                null => null,
                TimeSpan time when FitsCache(time) => time,
                string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && FitsCache(time) => time,
                var other => throw Wrong(tool, CacheForProperty, other, "Set it to zero for never, or to between 1 second and 365 days, such as 00:10:00."),
            });
    }

    /// <summary>Whether a timeout is in range.</summary>
    /// <param name="timeout">The timeout.</param>
    public static bool Fits(TimeSpan timeout) => timeout >= ShortestTimeout && timeout <= LongestTimeout;

    /// <summary>Whether answers can be kept for so long: zero, for not at all, or 1 second to 365 days.</summary>
    /// <param name="time">How long.</param>
    public static bool FitsCache(TimeSpan time) => time == TimeSpan.Zero || (time >= CacheSettingsRules.ShortestTtl && time <= CacheSettingsRules.LongestTtl);

    private static ArgumentException Wrong(AITool tool, string property, object? value, string advice) => new($"The property '{property}' of the tool '{tool.Name}' is '{value}'. {advice}", nameof(tool));
}
