using System.Text.Json.Serialization;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Entities.Budget;

/// <summary>The JSON shapes of budgets.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BudgetLedgerState))]
[JsonSerializable(typeof(BudgetRequest))]
[JsonSerializable(typeof(BudgetLease))]
[JsonSerializable(typeof(BudgetLimit))]
[JsonSerializable(typeof(bool))]
internal sealed partial class BudgetJsonContext : JsonSerializerContext;
