using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>The JSON shapes of approvals.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ApprovalInput))]
[JsonSerializable(typeof(ApprovalResult))]
[JsonSerializable(typeof(ApprovalStatus))]
internal sealed partial class ApprovalJsonContext : JsonSerializerContext;
