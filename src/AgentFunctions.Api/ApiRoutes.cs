using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace AgentFunctions.Api;

/// <summary>A route of the contract.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Template">The path.</param>
/// <param name="Handle">What answers it.</param>
internal sealed record ApiRoute(string Method, string Template, Func<AgentFunctionsApi, HttpRequest, Func<string, string>, Task<IResult>> Handle);

/// <summary>Every route, in one table: what is mapped, what a 404 lists, and what the OpenAPI document must have.</summary>
internal static class ApiRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("POST", "/api/runs/{orchestrator}", (api, request, value) => api.StartAsync(request, value("orchestrator"))),
        new("GET", "/api/runs", (api, request, _) => api.ListAsync(request)),
        new("GET", "/api/runs/{id}", (api, request, value) => api.GetAsync(request, value("id"))),
        new("DELETE", "/api/runs/{id}", (api, request, value) => api.PurgeAsync(request, value("id"))),
        new("GET", "/api/runs/{id}/timeline", (api, request, value) => api.TimelineAsync(request, value("id"))),
        new("GET", "/api/runs/{id}/graph", (api, request, value) => api.GraphAsync(request, value("id"))),
        new("GET", "/api/runs/{id}/stream", (api, request, value) => api.StreamAsync(request, value("id"))),
        new("POST", "/api/runs/{id}/events/{name}", (api, request, value) => api.RaiseEventAsync(request, value("id"), value("name"))),
        new("POST", "/api/runs/{id}/suspend", (api, request, value) => api.SuspendAsync(request, value("id"))),
        new("POST", "/api/runs/{id}/resume", (api, request, value) => api.ResumeAsync(request, value("id"))),
        new("POST", "/api/runs/{id}/terminate", (api, request, value) => api.TerminateAsync(request, value("id"))),
        new("POST", "/api/runs/{id}/restart", (api, request, value) => api.RestartAsync(request, value("id"))),
        new("GET", "/api/cache", (api, request, _) => api.CacheAsync(request)),
        new("DELETE", "/api/cache", (api, request, _) => api.InvalidateCacheAsync(request)),
        new("POST", "/api/cache/feedback", (api, request, _) => api.CacheFeedbackAsync(request)),
        new("GET", "/api/limits", (api, request, _) => api.LimitsAsync(request)),
        new("GET", "/api/pools", (api, request, _) => api.PoolsAsync(request)),
        new("GET", "/api/budgets", (api, request, _) => api.BudgetsAsync(request)),
        new("GET", "/api/circuits", (api, request, _) => api.CircuitsAsync(request)),
        new("GET", "/api/scale", (api, request, _) => api.ScaleAsync(request)),
        new("GET", "/api/health", (api, request, _) => api.HealthAsync(request)),
        new("GET", "/api/openapi.json", (api, request, _) => api.OpenApiAsync(request)),
    ];

    private static readonly IReadOnlyList<string> Names = [.. All.Select(route => $"{route.Method} {route.Template}")];
    private static readonly IReadOnlyList<(string Method, TemplateMatcher Path)> Matchers = [.. All.Select(route => (route.Method, new TemplateMatcher(TemplateParser.Parse(route.Template.TrimStart('/')), [])))];

    /// <summary>Why a request that no route took was not taken.</summary>
    public static ProblemException Refuse(HttpRequest request)
    {
        IReadOnlyList<string> allowed = [.. Matchers.Where(route => route.Path.TryMatch(request.Path, new RouteValueDictionary())).Select(route => route.Method).Distinct(StringComparer.Ordinal)];
        var (method, path) = (Shown.Of(request.Method), Shown.Of(request.Path.Value ?? ""));
        return allowed.Count == 0
            ? new ProblemException(ProblemKind.UnknownRoute, $"There is no route {method} {path}. There are: {string.Join(", ", Names)}.") { Available = Names }
            : new ProblemException(ProblemKind.MethodNotAllowed, $"{path} does not take {method}. It takes: {string.Join(", ", allowed)}.") { Available = allowed, Allow = allowed };
    }
}
