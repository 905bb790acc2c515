using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>What a model is told of its tool calls. Errors go to the model, which can do something about them.</summary>
internal static class ToolAnswers
{
    private const int LongestError = 500;

    /// <summary>How a call went.</summary>
    public static ConversationMessage Of(ModelToolCall call, Branch<ToolReply> outcome, TimeSpan timeout) => outcome.Status switch
    {
        BranchStatus.Succeeded or BranchStatus.Cached => new()
        {
            Role = ConversationRole.Tool,
            ToolCallId = call.Id,
            Content = outcome.Value?.Ref is { } address ? new Content { Ref = address } : new Content { Text = outcome.Value?.Value?.GetRawText() ?? "null" },
        },
        BranchStatus.TimedOut => Error(call, $"The tool '{call.Tool}' did not end within {timeout}. It may have done its work all the same."),
        BranchStatus.Cancelled => Error(call, $"The run's time was up before the tool '{call.Tool}' had ended. It may have done its work all the same."),
        BranchStatus.Skipped => Error(call, $"The run's time was up before the tool '{call.Tool}' was called."),
        _ => Error(call, outcome.Error?.Message ?? $"The tool '{call.Tool}' failed."),
    };

    /// <summary>Says that a call was not made.</summary>
    public static ConversationMessage Error(ModelToolCall call, string message) => new()
    {
        Role = ConversationRole.Tool,
        ToolCallId = call.Id,
        Content = new Content { Text = message.Shortened(LongestError) },
        IsError = true,
    };

    /// <summary>What is wrong with a call, so that it can't be made; null where nothing is.</summary>
    public static string? Fault(ModelToolCall call, AgentTools tools) =>
        tools.EffectOf(call.Tool) is null ? $"There is no tool '{call.Tool.Shortened(100)}'. {(tools.Names.Any() ? $"There are: {string.Join(", ", tools.Names)}." : "There are none: answer without.")}"
        : call.Arguments is not { ValueKind: System.Text.Json.JsonValueKind.Object } ? $"The arguments of the tool '{call.Tool}' are no JSON object: {(call.Malformed ?? call.Arguments?.GetRawText() ?? "").Shortened(100)} Call it again with an object that fits its schema."
        : null;

    /// <summary>What a call gave, for predictions.</summary>
    public static ToolOutcome Outcome(ModelToolCall call, Branch<ToolReply> outcome) =>
        new(call.Tool, CanonicalJson.Write(call.Arguments!.Value), outcome.IsSuccess, outcome.Value?.Value);
}
