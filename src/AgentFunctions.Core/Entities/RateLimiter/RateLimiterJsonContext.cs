using System.Text.Json.Serialization;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Entities.RateLimiter;

/// <summary>The JSON shapes of limiters.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RateLimiterState))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(PermitGrant))]
internal sealed partial class RateLimiterJsonContext : JsonSerializerContext;
