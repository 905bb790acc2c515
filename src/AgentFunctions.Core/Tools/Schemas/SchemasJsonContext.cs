using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>The JSON shapes that the validator writes itself.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class SchemasJsonContext : JsonSerializerContext;
