using System.Text.Json;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>The SDK's replies in our types.</summary>
internal static class OpenAIReplies
{
    public static ChatResponse Read(Sdk.ChatCompletion completion)
    {
        List<AIContent> contents = [];
        foreach (var part in completion.Content) AddText(contents, part);
        foreach (var call in completion.ToolCalls) contents.Add(ToolCall(call.Id, call.FunctionName, call.FunctionArguments.ToString()));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = completion.CreatedAt,
            FinishReason = Reason(completion.FinishReason),
            Usage = Usage(completion.Usage),
        };
    }

    public static void AddText(List<AIContent> contents, Sdk.ChatMessageContentPart part)
    {
        // A refusal is the model's answer to the person, so it reads as one.
        if (part.Text is { Length: > 0 } text) contents.Add(new TextContent(text));
        else if (part.Refusal is { Length: > 0 } refusal) contents.Add(new TextContent(refusal));
    }

    /// <summary>A function call. Where its arguments are no JSON object, <see cref="FunctionCallContent.Exception"/> says why and the raw representation is what the model wrote, for the caller to tell it.</summary>
    public static FunctionCallContent ToolCall(string id, string name, string arguments)
    {
        var call = FunctionCallContent.CreateFromParsedArguments(arguments.Length == 0 ? "{}" : arguments, id, name, text => (IDictionary<string, object?>?)JsonSerializer.Deserialize(text, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))));
        if (call.Exception is not null) call.RawRepresentation = arguments;
        return call;
    }

    public static UsageDetails? Usage(Sdk.ChatTokenUsage? usage) => usage is null ? null : new UsageDetails
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
        ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
    };

    public static ChatFinishReason Reason(Sdk.ChatFinishReason reason) => reason switch
    {
        Sdk.ChatFinishReason.Length => ChatFinishReason.Length,
        Sdk.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        Sdk.ChatFinishReason.ToolCalls or Sdk.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };
}
