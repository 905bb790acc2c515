using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Triggers;

/// <summary>The HTTP contract: every route needs a function key but health, which probes read.</summary>
/// <param name="clients">Makes the contract's client from Durable Functions' own.</param>
public sealed class HttpTriggers(FunctionsApi clients)
{
    /// <summary>Starts a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="orchestrator">The orchestrator's name.</param>
    [Function("StartRun")]
    public Task<IResult> StartRun([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{orchestrator}")] HttpRequest request, [DurableClient] DurableTaskClient client, string orchestrator) =>
        clients.Over(client).StartAsync(request, orchestrator);

    /// <summary>Lists runs.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("ListRuns")]
    public Task<IResult> ListRuns([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).ListAsync(request);

    /// <summary>Reads a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("GetRun")]
    public Task<IResult> GetRun([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).GetAsync(request, id);

    /// <summary>Removes an ended run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("PurgeRun")]
    public Task<IResult> PurgeRun([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "runs/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).PurgeAsync(request, id);

    /// <summary>Shows where a run's time went.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("GetTimeline")]
    public Task<IResult> GetTimeline([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/timeline")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).TimelineAsync(request, id);

    /// <summary>Draws a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("GetGraph")]
    public Task<IResult> GetGraph([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/graph")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).GraphAsync(request, id);

    /// <summary>Follows a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("StreamRun")]
    public Task<IResult> StreamRun([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/stream")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).StreamAsync(request, id);

    /// <summary>Raises an external event.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    /// <param name="name">The event's name.</param>
    [Function("RaiseEvent")]
    public Task<IResult> RaiseEvent([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/events/{name}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id, string name) =>
        clients.Over(client).RaiseEventAsync(request, id, name);

    /// <summary>Pauses a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("SuspendRun")]
    public Task<IResult> SuspendRun([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/suspend")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).SuspendAsync(request, id);

    /// <summary>Continues a paused run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("ResumeRun")]
    public Task<IResult> ResumeRun([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/resume")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).ResumeAsync(request, id);

    /// <summary>Ends a run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("TerminateRun")]
    public Task<IResult> TerminateRun([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/terminate")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).TerminateAsync(request, id);

    /// <summary>Starts an ended run again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="id">The run.</param>
    [Function("RestartRun")]
    public Task<IResult> RestartRun([HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/restart")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        clients.Over(client).RestartAsync(request, id);

    /// <summary>Says what this worker's cache has done.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetCache")]
    public Task<IResult> GetCache([HttpTrigger(AuthorizationLevel.Function, "get", Route = "cache")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).CacheAsync(request);

    /// <summary>Invalidates entries of the cache. (The activity of that is named InvalidateCache.)</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("DeleteCache")]
    public Task<IResult> DeleteCache([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "cache")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).InvalidateCacheAsync(request);

    /// <summary>Takes a person's word on a cached answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GiveCacheFeedback")]
    public Task<IResult> GiveCacheFeedback([HttpTrigger(AuthorizationLevel.Function, "post", Route = "cache/feedback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).CacheFeedbackAsync(request);

    /// <summary>Says where the limits of models stand.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetLimits")]
    public Task<IResult> GetLimits([HttpTrigger(AuthorizationLevel.Function, "get", Route = "limits")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).LimitsAsync(request);

    /// <summary>Says where the deployments of models stand.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetPools")]
    public Task<IResult> GetPools([HttpTrigger(AuthorizationLevel.Function, "get", Route = "pools")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).PoolsAsync(request);
    /// <summary>Says what may be spent and is spent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetBudgets")]
    public Task<IResult> GetBudgets([HttpTrigger(AuthorizationLevel.Function, "get", Route = "budgets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).BudgetsAsync(request);
    /// <summary>Says which deployments and tools are known to be broken.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetCircuits")]
    public Task<IResult> GetCircuits([HttpTrigger(AuthorizationLevel.Function, "get", Route = "circuits")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).CircuitsAsync(request);
    /// <summary>Says how many instances are wanted: what KEDA's metrics-api scaler reads.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetScale")]
    public Task<IResult> GetScale([HttpTrigger(AuthorizationLevel.Function, "get", Route = "scale")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).ScaleAsync(request);

    /// <summary>Describes the contract.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetOpenApi")]
    public Task<IResult> GetOpenApi([HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).OpenApiAsync(request);

    /// <summary>Says whether the app can do its work.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">Durable Functions' client.</param>
    [Function("GetHealth")]
    public Task<IResult> GetHealth([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        clients.Over(client).HealthAsync(request);
}
