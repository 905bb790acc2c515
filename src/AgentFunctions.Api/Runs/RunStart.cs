using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Runs;

/// <summary>A run that a request or a message asks for.</summary>
/// <param name="Registration">What is to be started.</param>
/// <param name="Body">Its checked body.</param>
/// <param name="Options">Instance ID, lane and budget.</param>
/// <param name="Source">What the instance ID came from, for messages.</param>
internal sealed record RunStart(OrchestratorRegistration Registration, JsonElement Body, StartOptions Options, string Source);
