using System.Text.Json;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Tools;

/// <summary>Calls tools in tests as CallTool does: with arguments out of JSON.</summary>
internal static class ToolCalls
{
    public static async Task<JsonElement> CallAsync(this AIFunction tool, string arguments, CancellationToken cancellationToken = default)
    {
        using var json = JsonDocument.Parse(arguments);
        var given = new AIFunctionArguments();
        foreach (var argument in json.RootElement.EnumerateObject()) given[argument.Name] = argument.Value.Clone();
        return (JsonElement)(await tool.InvokeAsync(given, cancellationToken))!;
    }

    public static async Task<string> RefusalAsync(this AIFunction tool, string arguments) =>
        (await Assert.ThrowsAnyAsync<PermanentFailureException>(() => tool.CallAsync(arguments))).Message;
}
