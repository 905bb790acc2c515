using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>GET /api/runs, /api/runs/{id} and /api/runs/{id}/timeline.</summary>
internal sealed class ReadRuns(ApiEnvironment environment, IRunClient runs)
{
    private const int LongestToken = 4096;

    public async Task<IResult> GetAsync(HttpRequest request, string id)
    {
        var query = new QueryValues(request, environment.Options, "showInput", "payloads");
        var (showInput, payloads) = (query.Flag("showInput", absent: true), query.Flag("payloads", absent: true));
        var state = await runs.GetAsync(id, payloads, request.HttpContext.RequestAborted) ?? throw new RunNotFoundException(Shown.Of(id));
        return Reply.Json(StatusCodes.Status200OK, showInput ? state : state with { Input = null }, environment.Json);
    }

    public async Task<IResult> ListAsync(HttpRequest request)
    {
        var values = new QueryValues(request, environment.Options, "status", "name", "tenant", "prefix", "from", "to", "pageSize", "continuationToken", "payloads");
        var query = new RunQuery
        {
            Statuses = values.Choices<RuntimeStatus>("status"),
            Name = values.Text("name", Identifiers.Longest),
            InstanceIdPrefix = values.Text("tenant", Identifiers.Longest) is { } tenant ? TenantRuns.Prefix(tenant, values.Text("prefix", Identifiers.Longest)) : values.Text("prefix", Identifiers.Longest),
            CreatedFrom = values.Time("from"),
            CreatedTo = values.Time("to"),
            PageSize = values.Number("pageSize", 1, 1000, absent: 100),
            ContinuationToken = values.Text("continuationToken", LongestToken),
            IncludePayloads = values.Flag("payloads", absent: false),
        };
        if (query.CreatedFrom >= query.CreatedTo)
        {
            throw ProblemException.Parameter("from", $"is {query.CreatedFrom:O}, which is not before 'to' ({query.CreatedTo:O})", "Swap them, or leave one out.");
        }

        try
        {
            return Reply.Json(StatusCodes.Status200OK, await runs.ListAsync(query, request.HttpContext.RequestAborted), environment.Json);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException && query.ContinuationToken is not null)
        {
            throw ProblemException.Parameter("continuationToken", $"is '{Shown.Of(query.ContinuationToken!)}', which no earlier answer gave", "Send the continuationToken of the page before, unchanged, or leave it out to begin again.");
        }
    }

    public async Task<IResult> TimelineAsync(HttpRequest request, string id)
    {
        _ = new QueryValues(request, environment.Options);
        var cancellationToken = request.HttpContext.RequestAborted;
        // History first: a run that ends between the two reads is then shown as ended, with at worst a step still open.
        var steps = await runs.GetHistoryAsync(id, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(id));
        var state = await runs.GetAsync(id, includePayloads: false, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(id));
        return Reply.Json(StatusCodes.Status200OK, TimelineBuilder.Build(state, steps, environment.Time.GetUtcNow()), environment.Json);
    }
}
