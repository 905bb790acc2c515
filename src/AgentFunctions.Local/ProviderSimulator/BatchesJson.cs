using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Local.ProviderSimulator;

// OpenAI's wire format of files and batches, as far as the simulator reads and writes it.
internal sealed record BatchCreateRequest(string? InputFileId, string? Endpoint, string? CompletionWindow, IReadOnlyDictionary<string, string>? Metadata);

internal sealed record BatchRequestLine(string CustomId, ChatRequest? Body);

internal sealed record BatchResultLine(string Id, string CustomId, BatchResultResponse? Response, BatchFault? Error);

internal sealed record BatchResultResponse(int StatusCode, string RequestId, JsonElement Body);

internal sealed record BatchFault(string Code, string Message, int? Line);

internal sealed record BatchFaults(string Object, IReadOnlyList<BatchFault> Data);

internal sealed record BatchCounts(int Total, int Completed, int Failed);

internal sealed record BatchReply(string Id, string Object, string Endpoint, BatchFaults? Errors, string InputFileId, string CompletionWindow, string Status, string? OutputFileId, string? ErrorFileId, long CreatedAt, long ExpiresAt, BatchCounts RequestCounts, IReadOnlyDictionary<string, string>? Metadata);

internal sealed record BatchList(string Object, IReadOnlyList<BatchReply> Data, string? FirstId, string? LastId, bool HasMore);

internal sealed record FileReply(string Id, string Object, long Bytes, long CreatedAt, string Filename, string Purpose, string Status);

internal sealed record FileDeletion(string Id, string Object, bool Deleted);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchCreateRequest))]
[JsonSerializable(typeof(BatchRequestLine))]
[JsonSerializable(typeof(BatchResultLine))]
[JsonSerializable(typeof(BatchReply))]
[JsonSerializable(typeof(BatchList))]
[JsonSerializable(typeof(FileReply))]
[JsonSerializable(typeof(FileDeletion))]
internal sealed partial class BatchesJsonContext : JsonSerializerContext;
