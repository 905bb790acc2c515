using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>Our messages and options in the SDK's types.</summary>
internal static class OpenAIMessages
{
    // Indented arguments would cost tokens.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static IEnumerable<Sdk.ChatMessage> Write(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            if (content is not (TextContent or FunctionCallContent or FunctionResultContent or TextReasoningContent or UsageContent)) throw new NotSupportedException($"A message of role '{message.Role}' has a {content.GetType().Name}. This client sends texts and function calls only.");
        }

        // One text for all parts: not every compatible server takes an array of parts.
        var text = string.Join("\n\n", message.Contents.OfType<TextContent>().Select(content => content.Text));
        if (message.Role == ChatRole.System) return [new Sdk.SystemChatMessage(text)];
        if (message.Role == ChatRole.User) return [new Sdk.UserChatMessage(text)];
        if (message.Role == ChatRole.Tool) return message.Contents.OfType<FunctionResultContent>().Select(result => new Sdk.ToolChatMessage(result.CallId, ResultText(result.Result)));
        if (message.Role == ChatRole.Assistant) return [Assistant(text, [.. message.Contents.OfType<FunctionCallContent>()])];
        throw new NotSupportedException($"'{message.Role}' is no role that this client can send. Use system, user, assistant or tool.");
    }

    public static Sdk.ChatCompletionOptions Write(ChatOptions? options)
    {
        var result = new Sdk.ChatCompletionOptions();
        if (options is null) return result;
        result.MaxOutputTokenCount = options.MaxOutputTokens;
        result.Temperature = options.Temperature;
        result.TopP = options.TopP;
        result.FrequencyPenalty = options.FrequencyPenalty;
        result.PresencePenalty = options.PresencePenalty;
        foreach (var stop in options.StopSequences ?? []) result.StopSequences.Add(stop);
        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            result.ResponseFormat = json.Schema is { } schema
                ? Sdk.ChatResponseFormat.CreateJsonSchemaFormat(json.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription)
                : Sdk.ChatResponseFormat.CreateJsonObjectFormat();
        }

        // In one order and one form, whatever order a host or an MCP server gave: else the provider could not reuse the prefix.
        foreach (var tool in (options.Tools ?? []).OrderBy(tool => tool.Name, StringComparer.Ordinal))
        {
            if (tool is not AIFunctionDeclaration function) throw new NotSupportedException($"The tool '{tool.Name}' is a {tool.GetType().Name}. This client offers functions only.");
            result.Tools.Add(Sdk.ChatTool.CreateFunctionTool(function.Name, function.Description, BinaryData.FromString(CanonicalJson.Write(function.JsonSchema))));
        }

        if (result.Tools.Count == 0) return result;
        result.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        result.ToolChoice = options.ToolMode switch
        {
            RequiredChatToolMode { RequiredFunctionName: { } name } => Sdk.ChatToolChoice.CreateFunctionChoice(name),
            RequiredChatToolMode => Sdk.ChatToolChoice.CreateRequiredChoice(),
            NoneChatToolMode => Sdk.ChatToolChoice.CreateNoneChoice(),
            _ => null,
        };
        return result;
    }

    /// <summary>Sets prompt_cache_key, which the SDK has no property for. It is a hash, as the provider bounds its length and need not know the name.</summary>
    public static void SetCacheKey(Sdk.ChatCompletionOptions options, string affinity)
    {
#pragma warning disable SCME0001 // Marked as experimental, but the SDK's own way to send what it does not know.
        options.Patch.Set("$.prompt_cache_key"u8, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(affinity)))[..32]);
#pragma warning restore SCME0001
    }

    private static Sdk.AssistantChatMessage Assistant(string text, IReadOnlyList<FunctionCallContent> calls)
    {
        if (calls.Count == 0) return new(text);
        var message = new Sdk.AssistantChatMessage(calls.Select(call => Sdk.ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(ArgumentText(call.Arguments)))));
        if (text.Length > 0) message.Content.Add(Sdk.ChatMessageContentPart.CreateTextPart(text));
        return message;
    }

    private static string ArgumentText(IDictionary<string, object?>? arguments) =>
        arguments is null ? "{}" : JsonSerializer.Serialize(arguments, Compact.GetTypeInfo(typeof(IDictionary<string, object?>)));

    private static string ResultText(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement json => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText(),
        _ => JsonSerializer.Serialize(result, Compact.GetTypeInfo(result.GetType())),
    };
}
