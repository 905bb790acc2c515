using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Budgets;

/// <summary>GET /api/budgets.</summary>
internal sealed class ReadBudgets(ApiEnvironment environment, IRunClient runs)
{
    public async Task<IResult> GetAsync(HttpRequest request)
    {
        var query = new QueryValues(request, environment.Options, "tenant", "run");
        var tenant = query.Text("tenant", 1000);
        var run = query.Text("run", 1000) is { } text ? Identifiers.InstanceId(text) : null;
        if (tenant is not null && !Tenants.IsAllowed(tenant)) throw ProblemException.Parameter("tenant", $"is '{Shown.Of(tenant)}'", Tenants.Rule);
        if (tenant is not null && run is not null && Tenants.Of(run) != tenant) throw ProblemException.Parameter("tenant", $"is '{tenant}', and the run '{run}' is of tenant '{Tenants.Of(run)}'", "Leave it out, or correct one of them.");
        var report = environment.Parts.Budgets is { } ledger
            ? await BudgetReports.ReadAsync(ledger, runs, tenant, run, environment.Time.GetUtcNow(), request.HttpContext.RequestAborted)
            : new BudgetReport(Environment.MachineName, []);
        return Reply.Json(StatusCodes.Status200OK, report, environment.Json);
    }
}
