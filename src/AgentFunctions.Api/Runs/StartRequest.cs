using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>The query and headers of a start.</summary>
/// <param name="InstanceId">Chosen by the caller or derived from the key, with the tenant in front; null for a new one.</param>
/// <param name="Source">What the instance ID came from, for messages.</param>
/// <param name="Priority">The lane.</param>
/// <param name="Wait">How long to wait for the result; zero for not at all.</param>
/// <param name="Deadline">How long from now the result is of use; null where no time was given.</param>
internal sealed record StartRequest(string? InstanceId, string Source, RunPriority Priority, TimeSpan Wait, TimeSpan? Deadline)
{
    /// <summary>What the run may spend; null where the start does not say.</summary>
    public BudgetLimit? Budget { get; init; }

    public StartOptions Options => new() { InstanceId = InstanceId, Priority = Priority, Budget = Budget };

    public static StartRequest Read(HttpRequest request, ApiOptions options)
    {
        var query = new QueryValues(request, options, "instanceId", "priority", "wait", StartDeadline.Name, StartBudget.Usd, StartBudget.Tokens);
        var tenant = TenantRuns.Read(request) ?? Tenants.Default;
        var key = IdempotencyKey.Read(request);
        var explicitId = query.Text("instanceId", 1000) is { } text ? Identifiers.InstanceId(text) : null;
        if (key is not null && explicitId is not null)
        {
            throw ProblemException.Parameter("instanceId", $"is '{explicitId}' while the header {IdempotencyKey.HeaderName} is sent too", "Send one of them: the key decides the instance ID.");
        }

        if (explicitId is not null && TenantRuns.Fault(tenant, explicitId) is { } fault)
        {
            throw new ProblemException(ProblemKind.InvalidRequest, $"The query parameter 'instanceId' is '{explicitId}'{fault} The header {TenantRuns.HeaderName} names the tenant.");
        }

        var whose = tenant == Tenants.Default ? "" : $" of tenant '{tenant}'";
        return new StartRequest(
            TenantRuns.InstanceId(tenant, key is null ? explicitId : IdempotencyKey.ToInstanceId(key)),
            (key is null ? $"instance ID '{explicitId}'" : $"{IdempotencyKey.HeaderName} '{Shown.Of(key)}'") + whose,
            query.Choice("priority", RunPriority.Workflow),
            query.Duration("wait", options.MaxWait) ?? TimeSpan.Zero,
            StartDeadline.Of(query.Text(StartDeadline.Name, 100), ProblemException.Parameter))
        {
            Budget = StartBudget.Read(query),
        };
    }
}
