using System.Text;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>Reads the pieces of one streamed reply; function calls arrive in fragments and are put together.</summary>
internal sealed class OpenAIStreamReader
{
    private readonly SortedDictionary<int, PendingCall> calls = [];
    private string? responseId;
    private string? model;

    /// <summary>Whether the finish reason has come.</summary>
    public bool HasEnded { get; private set; }

    public ChatResponseUpdate Read(Sdk.StreamingChatCompletionUpdate piece)
    {
        responseId ??= piece.CompletionId;
        model ??= piece.Model;
        List<AIContent> contents = [];
        foreach (var part in piece.ContentUpdate) OpenAIReplies.AddText(contents, part);
        if (piece.RefusalUpdate is { Length: > 0 } refusal) contents.Add(new TextContent(refusal));
        foreach (var fragment in piece.ToolCallUpdates)
        {
            if (Add(fragment) is { } complete) contents.Add(complete);
        }

        if (OpenAIReplies.Usage(piece.Usage) is { } usage) contents.Add(new UsageContent(usage));
        HasEnded |= piece.FinishReason is not null;
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = piece.CompletionId,
            MessageId = piece.CompletionId,
            ModelId = piece.Model,
            CreatedAt = piece.CreatedAt,
            FinishReason = piece.FinishReason is { } reason ? OpenAIReplies.Reason(reason) : null,
        };
    }

    /// <summary>The function calls that were not given before, now that the stream has ended; null where there are none.</summary>
    public ChatResponseUpdate? ToolCalls() => calls.Values.Where(call => !call.IsGiven).Select(call => (AIContent)call.Whole()).ToList() is not { Count: > 0 } rest ? null : new ChatResponseUpdate(ChatRole.Assistant, rest)
    {
        ResponseId = responseId,
        MessageId = responseId,
        ModelId = model,
    };

    /// <summary>Adds a fragment, and gives the call where its arguments are complete now: nothing but space can follow a whole object.</summary>
    private FunctionCallContent? Add(Sdk.StreamingChatToolCallUpdate fragment)
    {
        if (!calls.TryGetValue(fragment.Index, out var call)) calls.Add(fragment.Index, call = new PendingCall());
        call.Id ??= fragment.ToolCallId;
        call.Name ??= fragment.FunctionName;
        if (fragment.FunctionArgumentsUpdate?.ToString() is not { Length: > 0 } piece) return null;
        call.Arguments.Append(piece);

        // Some servers send an empty object first and the arguments after it, so that one waits for the end.
        if (call.IsGiven || call.Name is null || !piece.AsSpan().TrimEnd().EndsWith('}') || call.Whole() is not { Exception: null, Arguments.Count: > 0 } whole) return null;
        call.IsGiven = true;
        return whole;
    }

    private sealed class PendingCall
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();

        public bool IsGiven { get; set; }

        public FunctionCallContent Whole() => OpenAIReplies.ToolCall(Id ?? "", Name ?? "", Arguments.ToString());
    }
}
