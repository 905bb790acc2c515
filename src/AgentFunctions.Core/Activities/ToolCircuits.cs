using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>The circuits of tools: which one a call goes through, and what its end says of the tool.</summary>
internal static class ToolCircuits
{
    /// <summary>Asks for leave to call a tool; null where it has no circuit.</summary>
    /// <exception cref="CircuitOpenException">It is broken.</exception>
    public static async ValueTask<CircuitPass?> EnterAsync(CircuitBreakers? breakers, RegisteredTool tool, ToolCall call, CancellationToken cancellationToken) =>
        breakers?.OfTool(tool.Description.Name, (tool.Function as IManyServices)?.ServiceOf(call.Arguments)) is { } circuit ? await circuit.EnterAsync(cancellationToken) : null;

    /// <summary>Tells what a failed call says of the tool: whose arguments are wrong, and who calls too often, is not answered by a broken tool.</summary>
    /// <param name="pass">The call's leave.</param>
    /// <param name="error">What the tool threw, or was stopped by.</param>
    /// <param name="isGivenUp">Whether the caller gave the call up.</param>
    public static void Failed(CircuitPass pass, Exception error, bool isGivenUp)
    {
        if (isGivenUp || error is ThrottledException) pass.Nothing();
        else if (error is PermanentFailureException or ArgumentException or JsonException or NotSupportedException) pass.Answered();
        else pass.Failed(error);
    }
}
