using System.Text.Json;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>A conversation in the words of <see cref="IChatClient"/>.</summary>
internal sealed class ChatTranscript(ConversationStore conversations)
{
    /// <summary>The instructions, and each message, in order: equal conversations give equal messages, so that providers can reuse the prefix.</summary>
    public async Task<List<ChatMessage>> WriteAsync(string instructions, IEnumerable<ConversationMessage> messages, CancellationToken cancellationToken)
    {
        List<ChatMessage> written = string.IsNullOrWhiteSpace(instructions) ? [] : [new ChatMessage(ChatRole.System, instructions)];
        foreach (var message in messages) written.Add(Write(message, await conversations.TextAsync(message.Content, cancellationToken)));
        return written;
    }

    /// <summary>The tokens that messages are likely to be, for models that do not count.</summary>
    public static long Tokens(IEnumerable<ChatMessage> messages) => messages.SelectMany(message => message.Contents).Sum(content => (long)TokenEstimate.Count(content switch
    {
        TextContent text => text.Text,
        FunctionResultContent result => result.Result as string,
        FunctionCallContent call => call.Name + string.Concat(call.Arguments?.Select(argument => $"{argument.Key}{argument.Value}") ?? []),
        _ => null,
    }));

    /// <summary>The tokens that a call's prompt is likely to be: messages, instructions, and the tools that it offers.</summary>
    public static long Tokens(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        Tokens(messages)
        + TokenEstimate.Count(options?.Instructions)
        + (options?.Tools?.OfType<AIFunctionDeclaration>().Sum(tool => (long)TokenEstimate.Count(tool.Description) + TokenEstimate.Count(tool.JsonSchema.GetRawText())) ?? 0);

    private static ChatMessage Write(ConversationMessage message, string text) => message.Role switch
    {
        ConversationRole.User => new(ChatRole.User, text),
        ConversationRole.Tool => new(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId ?? "", message.IsError ? "Error: " + text : text)]),
        _ => new(ChatRole.Assistant, [.. text.Length > 0 ? [new TextContent(text)] : (AIContent[])[], .. (message.ToolCalls ?? []).Select(Write)]),
    };

    // What was no JSON object can't be sent as arguments; the tool message that answers the call quotes it.
    private static FunctionCallContent Write(ModelToolCall call) =>
        new(call.Id, call.Tool, call.Arguments is { ValueKind: JsonValueKind.Object } arguments ? arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value, StringComparer.Ordinal) : []);
}
