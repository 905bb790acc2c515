using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Models.Batches;

// The batch API's wire format, as far as it is read and written here.
internal sealed record BatchLine(string CustomId, string Method, string Url, BatchBody Body);

internal sealed record BatchBody(string Model, IReadOnlyList<BatchMessage> Messages, int? MaxCompletionTokens, float? Temperature);

internal sealed record BatchMessage(string Role, string? Content);

internal sealed record BatchCreation(string InputFileId, string Endpoint, string CompletionWindow, IReadOnlyDictionary<string, string> Metadata);

internal sealed record BatchPage(IReadOnlyList<ProviderBatch> Data, bool HasMore);

internal sealed record BatchFile(string Id);

internal sealed record BatchAnswerLine(string? CustomId, BatchResponse? Response, ProviderBatchError? Error);

// The body of a failed request is an error in one of several shapes.
internal sealed record BatchResponse(int StatusCode, JsonElement? Body);

internal sealed record BatchAnswer(string? Model, IReadOnlyList<BatchChoice>? Choices, BatchUsage? Usage);

internal sealed record BatchChoice(BatchMessage? Message, string? FinishReason);

internal sealed record BatchUsage(long PromptTokens, long CompletionTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchLine))]
[JsonSerializable(typeof(BatchCreation))]
[JsonSerializable(typeof(BatchPage))]
[JsonSerializable(typeof(BatchFile))]
[JsonSerializable(typeof(BatchAnswerLine))]
[JsonSerializable(typeof(BatchAnswer))]
internal sealed partial class BatchWireJsonContext : JsonSerializerContext;
