using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>One message of a conversation.</summary>
public sealed record ConversationMessage
{
    /// <summary>Who says it.</summary>
    public required ConversationRole Role { get; init; }

    /// <summary>What is said; for a tool, the JSON of its result or its error in words.</summary>
    public Content? Content { get; init; }

    /// <summary>The tools the model wants called. Only with <see cref="ConversationRole.Assistant"/>. Default: none.</summary>
    public IReadOnlyList<ModelToolCall>? ToolCalls { get; init; }

    /// <summary>Which call this is the result of. Only with <see cref="ConversationRole.Tool"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Whether the tool failed, and the content says how. Default: false.</summary>
    public bool IsError { get; init; }
}

/// <summary>Who says a message.</summary>
public enum ConversationRole
{
    /// <summary>The one who asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool, answering a call.</summary>
    Tool,
}

/// <summary>A tool call that a model asks for.</summary>
/// <param name="Id">The model's name for the call.</param>
/// <param name="Tool">The tool's name; there may be none of that name.</param>
/// <param name="Arguments">Its arguments. Null where what the model wrote is no JSON object: then <paramref name="Malformed"/> has it.</param>
/// <param name="Malformed">What the model wrote for arguments where that is no JSON object. Default: none.</param>
public sealed record ModelToolCall(string Id, string Tool, JsonElement? Arguments, string? Malformed = null);

/// <summary>
/// What was added to a conversation, and the address of what came before: a chain, as commits are. So a turn stores what is new only, history grows by one address
/// a turn, and a conversation is shared by all runs that continue it.
/// </summary>
/// <param name="Previous">The delta before, or null for the first.</param>
/// <param name="Messages">What was added.</param>
public sealed record ConversationDelta(ContentRef? Previous, IReadOnlyList<ConversationMessage> Messages);
