using System.Text.Json.Serialization;
using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Entities.CircuitBreaker;

/// <summary>The JSON shapes of circuit breakers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SharedCircuitState))]
[JsonSerializable(typeof(CircuitTell))]
internal sealed partial class CircuitBreakerJsonContext : JsonSerializerContext;
