using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>What a tool may know of the call it serves. It finds it in <see cref="AIFunctionArguments.Context"/> under this type.</summary>
/// <param name="Tool">The tool's registered name.</param>
/// <param name="IdempotencyKey">Equal for every attempt at one effect and for no other: hand it to whatever can deduplicate by a key.</param>
public sealed record ToolInvocation(string Tool, string IdempotencyKey)
{
    /// <summary>The invocation that arguments belong to, or null where they come from elsewhere.</summary>
    /// <param name="arguments">A tool's arguments.</param>
    public static ToolInvocation? Of(AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context is { } context && context.TryGetValue(typeof(ToolInvocation), out var value) ? value as ToolInvocation : null;
    }
}
