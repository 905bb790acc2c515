using System.Text.Json;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>A tool that takes its time, and is on record.</summary>
internal sealed class WorkTool(CallRecord record, string name = "work", ToolEffect effect = ToolEffect.ReadOnly) : Tool(
    name,
    "Answers the value after so many milliseconds.",
    """{"type":"object","properties":{"milliseconds":{"type":"integer","minimum":0,"maximum":600000},"value":{}},"required":["milliseconds","value"]}""",
    effect)
{
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var milliseconds = arguments.Whole("milliseconds", 0, 600_000);
        await Task.Delay(milliseconds, cancellationToken);
        record.Add(() => Task.Delay(milliseconds));
        return arguments.Value("value");
    }
}
