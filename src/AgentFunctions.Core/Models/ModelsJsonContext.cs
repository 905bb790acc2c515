using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Models;

/// <summary>The JSON shapes of model calls.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ModelCall))]
[JsonSerializable(typeof(PromptPart))]
[JsonSerializable(typeof(ChunkAddress))]
[JsonSerializable(typeof(ModelReply))]
internal sealed partial class ModelsJsonContext : JsonSerializerContext;
