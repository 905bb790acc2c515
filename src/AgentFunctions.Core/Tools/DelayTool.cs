using System.Text.Json;

namespace AgentFunctions.Core.Tools;

/// <summary>Waits, then answers: <c>{"milliseconds": 0 to 600,000, "value": …}</c>. For trying out parallel calls and timeouts.</summary>
/// <param name="time">The clock it waits by.</param>
public sealed class DelayTool(TimeProvider time) : Tool(
    "delay",
    "Waits for the given number of milliseconds, then returns the value.",
    """{"type":"object","properties":{"milliseconds":{"type":"integer","minimum":0,"maximum":600000},"value":{"description":"Any JSON value."}},"required":["milliseconds","value"],"additionalProperties":false}""", ToolEffect.ReadOnly, cacheFor: TimeSpan.Zero)
{
    /// <summary>The longest wait: ten minutes.</summary>
    public const int LongestMilliseconds = 600_000;

    /// <summary>Waits and answers the value.</summary>
    /// <param name="arguments">milliseconds, value.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var value = arguments.Value("value");
        await Task.Delay(TimeSpan.FromMilliseconds(arguments.Whole("milliseconds", 0, LongestMilliseconds)), time, cancellationToken);
        return value;
    }
}
