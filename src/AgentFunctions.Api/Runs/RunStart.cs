using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Api.Runs;

/// <summary>A run that a request or a message asks for.</summary>
/// <param name="Registration">What is to be started.</param>
/// <param name="Body">Its checked body.</param>
/// <param name="Options">Instance ID and lane.</param>
/// <param name="Source">What the instance ID came from, for messages.</param>
/// <param name="Budget">What the run may spend; null for what the settings say.</param>
internal sealed record RunStart(OrchestratorRegistration Registration, JsonElement Body, StartOptions Options, string Source, BudgetLimit? Budget);
