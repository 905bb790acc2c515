using System.Text.Json.Serialization;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Health;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Scaling;

namespace AgentFunctions.Api;

/// <summary>The JSON shapes of answers that are not the seam's own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ManagementPayload))]
[JsonSerializable(typeof(PurgeReport))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(RunGraph))]
[JsonSerializable(typeof(CacheStatus))]
[JsonSerializable(typeof(InvalidationRequest))]
[JsonSerializable(typeof(CacheInvalidationReceipt))]
[JsonSerializable(typeof(CacheFeedback))]
[JsonSerializable(typeof(CacheFeedbackReceipt))]
[JsonSerializable(typeof(LimitsReport))]
[JsonSerializable(typeof(PoolsReport))]
[JsonSerializable(typeof(BudgetReport))]
[JsonSerializable(typeof(CircuitsReport))]
[JsonSerializable(typeof(ScalingReport))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
