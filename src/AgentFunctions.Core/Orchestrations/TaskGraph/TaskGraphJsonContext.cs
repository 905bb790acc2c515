using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>The JSON shapes of task graphs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TaskGraphInput))]
[JsonSerializable(typeof(TaskGraphResult))]
[JsonSerializable(typeof(TaskGraphStatus))]
[JsonSerializable(typeof(GraphRepeatInput))]
[JsonSerializable(typeof(GraphRepeatResult))]
internal sealed partial class TaskGraphJsonContext : JsonSerializerContext;
