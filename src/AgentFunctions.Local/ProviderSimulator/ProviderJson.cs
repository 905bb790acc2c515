using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Local.ProviderSimulator;

// What of OpenAI's wire format the simulator reads and writes; what it does not know it ignores, as the provider does with most.
internal sealed record ChatRequest(string? Model, IReadOnlyList<ChatRequestMessage?>? Messages, int? MaxTokens, int? MaxCompletionTokens, bool? Stream, ChatStreamOptions? StreamOptions)
{
    public IReadOnlyList<ChatRequestTool?>? Tools { get; init; }

    /// <summary>A word, or an object that names a function.</summary>
    public JsonElement? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    /// <summary>What the caller says its requests with one beginning have in common; counted alone, as there is but one machine.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The functions among the tools.</summary>
    /// <exception cref="FormatException">A tool is none, or has no name.</exception>
    [JsonIgnore]
    public IReadOnlyList<ChatRequestFunction> Functions => [.. (Tools ?? []).Select(tool => tool is { Type: "function", Function: { Name.Length: > 0 } function } ? function : throw new FormatException("Each of 'tools' must have type 'function' and a function with a name."))];
}

internal sealed record ChatRequestTool(string? Type, ChatRequestFunction? Function);

internal sealed record ChatRequestFunction(string Name, JsonElement? Parameters);

/// <summary>A message as it was sent.</summary>
/// <param name="Role">system, developer, user, assistant or tool.</param>
/// <param name="Content">A text, or an array of parts of which those of type text count.</param>
/// <param name="ToolCalls">The calls of an assistant's message.</param>
/// <param name="ToolCallId">The call that a tool's message answers.</param>
internal sealed record ChatRequestMessage(string? Role, JsonElement? Content, IReadOnlyList<ToolCallMessage>? ToolCalls = null, string? ToolCallId = null);

/// <summary>A tool call; in a stream the first piece has ID, type and name, and the others more of the arguments.</summary>
internal sealed record ToolCallMessage(int? Index, string? Id, string? Type, FunctionMessage Function);

internal sealed record FunctionMessage(string? Name, string Arguments);

internal sealed record ChatStreamOptions(bool? IncludeUsage);

internal sealed record ChatReply(string Id, string Object, long Created, string Model, IReadOnlyList<ChatReplyChoice> Choices, TokenUsage? Usage, string SystemFingerprint);

internal sealed record ChatReplyChoice(int Index, ChatReplyMessage? Message, ChatReplyMessage? Delta, string? FinishReason);

internal sealed record ChatReplyMessage(string? Role, string? Content)
{
    public IReadOnlyList<ToolCallMessage>? ToolCalls { get; init; }
}

internal sealed record TokenUsage(int PromptTokens, int? CompletionTokens, int TotalTokens)
{
    public PromptTokensDetails? PromptTokensDetails { get; init; }
}

internal sealed record PromptTokensDetails(int CachedTokens);

// The input is a text or an array of texts.
internal sealed record EmbeddingRequest(string? Model, JsonElement? Input, int? Dimensions, string? EncodingFormat);

internal sealed record EmbeddingReply(string Object, IReadOnlyList<EmbeddingDatum> Data, string Model, TokenUsage Usage);

// The embedding is an array of numbers, or their 32-bit little-endian bytes in base64.
internal sealed record EmbeddingDatum(string Object, int Index, JsonElement Embedding);

internal sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

internal sealed record ModelEntry(string Id, string Object, long Created, string OwnedBy);

internal sealed record ErrorReply(ErrorBody Error);

internal sealed record ErrorBody(string Message, string Type, string? Param, string? Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatReply))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingReply))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(ProviderStats))]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class ProviderJsonContext : JsonSerializerContext;
