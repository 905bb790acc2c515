using System.Text.Json;

namespace AgentFunctions.Core.Tools;

/// <summary>Answers with what it was given: <c>{"value": …}</c>.</summary>
public sealed class EchoTool() : Tool("echo", "Returns its value unchanged.", """{"type":"object","properties":{"value":{"description":"Any JSON value."}},"required":["value"],"additionalProperties":false}""", ToolEffect.ReadOnly, cacheFor: TimeSpan.Zero)
{
    /// <summary>Answers the value.</summary>
    /// <param name="arguments">value.</param>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return new(arguments.Value("value"));
    }
}
