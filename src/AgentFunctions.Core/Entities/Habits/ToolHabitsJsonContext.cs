using System.Text.Json.Serialization;
using AgentFunctions.Core.Policies.Speculation;

namespace AgentFunctions.Core.Entities.Habits;

/// <summary>The JSON shapes of habits.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ToolHabits))]
[JsonSerializable(typeof(IReadOnlyList<TurnObservation>))]
internal sealed partial class ToolHabitsJsonContext : JsonSerializerContext;
