using System.Text.Json.Nodes;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Health;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Telemetry;

namespace AgentFunctions.Api.OpenApi;

/// <summary>The paths of the contract. A start is shown once for each orchestrator, as a path of its own with that orchestrator's input and result.</summary>
internal static class OpenApiPaths
{
    public static JsonObject Build(ApiEnvironment environment, SchemaRegistry schemas)
    {
        var paths = new JsonObject();
        foreach (var name in environment.Catalog.PublicOrchestratorNames)
        {
            paths[$"/api/runs/{name}"] = new JsonObject { ["post"] = Start(environment.Catalog.Orchestrators[name], environment.Options, schemas) };
        }

        paths["/api/runs"] = new JsonObject
        {
            ["get"] = Operation("listRuns", "Lists runs, the newest first", OpenApiParameters.List, new JsonObject { ["200"] = OpenApiResponses.Json("A page of runs.", schemas.Of(typeof(RunPage))) }.WithProblems()),
        };
        paths["/api/runs/{id}"] = new JsonObject
        {
            ["get"] = Operation("getRun", "One run's state; 200 whether or not it has ended", OpenApiParameters.Status, new JsonObject { ["200"] = OpenApiResponses.Json("The run.", schemas.Of(typeof(RunState))) }.WithProblems(ProblemKind.UnknownRun)),
            ["delete"] = Operation("purgeRun", "Removes an ended run, its history and those of its sub-orchestrations", [OpenApiParameters.Id], new JsonObject { ["200"] = OpenApiResponses.Json("What was removed.", schemas.Of(typeof(PurgeReport))) }.WithProblems(ProblemKind.UnknownRun, ProblemKind.RunNotEnded, ProblemKind.Draining)),
        };
        paths["/api/runs/{id}/timeline"] = Get("getTimeline", "Every step with start, end, wait and cost, and the critical path", [OpenApiParameters.Id], new JsonObject { ["200"] = OpenApiResponses.Json("The timeline.", schemas.Of(typeof(Timeline))) }.WithProblems(ProblemKind.UnknownRun));
        paths["/api/runs/{id}/graph"] = Get("getGraph", "The run as a Mermaid flowchart: a task graph's nodes in the colours of how they stand, any other run's steps and their causes", [OpenApiParameters.Id], new JsonObject { ["200"] = Graph(schemas) }.WithProblems(ProblemKind.UnknownRun));
        paths["/api/runs/{id}/stream"] = Get("followRun", "What happens in a run, as server-sent events, until it has ended", OpenApiParameters.Stream, Stream().WithProblems(ProblemKind.UnknownRun));
        paths["/api/runs/{id}/events/{name}"] = new JsonObject { ["post"] = RaiseEvent() };
        paths["/api/runs/{id}/suspend"] = Steer("suspendRun", "Pauses a run; events and results are kept until it is resumed");
        paths["/api/runs/{id}/resume"] = Steer("resumeRun", "Continues a suspended run");
        paths["/api/runs/{id}/terminate"] = Steer("terminateRun", "Ends a run and its sub-orchestrations");
        paths["/api/runs/{id}/restart"] = new JsonObject
        {
            ["post"] = Operation("restartRun", "Starts an ended run again from its input", OpenApiParameters.Restart, new JsonObject { ["202"] = OpenApiResponses.Accepted(schemas, "Started.") }.WithProblems(ProblemKind.UnknownRun, ProblemKind.RunNotEnded, ProblemKind.Throttled, ProblemKind.Draining)),
        };
        AddCache(paths, schemas);
        paths["/api/limits"] = Get("getLimits", "Where the limits of each deployment stand, over all workers and on the one that answers", [], new JsonObject { ["200"] = OpenApiResponses.Json("The deployments that have limits.", schemas.Of(typeof(LimitsReport))) }.WithProblems());
        paths["/api/pools"] = Get("getPools", "Where the deployments of each model stand, as the worker that answers sees them", [], new JsonObject { ["200"] = OpenApiResponses.Json("The models and their deployments.", schemas.Of(typeof(PoolsReport))) }.WithProblems());
        paths["/api/budgets"] = Get("getBudgets", "What may be spent, is spent and is reserved: by all, by tenants, and by a run", OpenApiParameters.Budgets, new JsonObject { ["200"] = OpenApiResponses.Json("The budgets that have a limit.", schemas.Of(typeof(BudgetReport))) }.WithProblems());
        paths["/api/circuits"] = Get("getCircuits", "Which deployments and tools are known to be broken, over all workers and on the one that answers", [], new JsonObject { ["200"] = OpenApiResponses.Json("The circuit of each deployment, and of each tool that the worker has called.", schemas.Of(typeof(CircuitsReport))) }.WithProblems());
        paths["/api/scale"] = Get("getScale", "How many instances are wanted, as a number for KEDA's metrics-api scaler, and why; the same on every worker", [], new JsonObject { ["200"] = OpenApiResponses.Json("The number and what it comes from.", schemas.Of(typeof(ScalingReport))) }.WithProblems(ProblemKind.ScaleUnknown));
        paths["/api/health"] = Get("getHealth", "Whether the host takes work", [], new JsonObject { ["200"] = OpenApiResponses.Json("It does.", schemas.Of(typeof(HealthReport))) }.WithProblems(ProblemKind.Unhealthy));
        paths["/api/openapi.json"] = Get("getOpenApi", "This document", [], new JsonObject { ["200"] = OpenApiResponses.Json("OpenAPI 3.1.", new JsonObject { ["type"] = "object" }) }.WithProblems());
        return paths;
    }

    private static void AddCache(JsonObject paths, SchemaRegistry schemas)
    {
        paths["/api/cache"] = new JsonObject
        {
            ["get"] = Operation("getCache", "What this worker's cache has done since it started, by kind", [], new JsonObject { ["200"] = OpenApiResponses.Json("The counts.", schemas.Of(typeof(CacheStatus))) }.WithProblems(ProblemKind.NoCache)),
            ["delete"] = Operation("invalidateCache", "Invalidates cached answers; when it has answered, no worker serves them", OpenApiParameters.Invalidation, new JsonObject { ["200"] = OpenApiResponses.Json("What was invalidated.", schemas.Of(typeof(CacheInvalidationReceipt))) }.WithProblems(ProblemKind.NoCache, ProblemKind.CacheUnavailable, ProblemKind.Draining)),
        };
        var responses = new JsonObject { ["200"] = OpenApiResponses.Json("What became of it.", schemas.Of(typeof(CacheFeedbackReceipt))) };
        var feedback = Operation("giveCacheFeedback", "Says whether an answer from the cache was right", [OpenApiParameters.Sender], responses.WithProblems(ProblemKind.InvalidBody, ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.NoCache, ProblemKind.CacheUnavailable, ProblemKind.Draining));
        feedback["requestBody"] = Body("The word.", schemas.Of(typeof(CacheFeedback)), required: true);
        paths["/api/cache/feedback"] = new JsonObject { ["post"] = feedback };
    }

    private static JsonObject Start(OrchestratorRegistration orchestrator, ApiOptions options, SchemaRegistry schemas)
    {
        var ended = new JsonObject
        {
            ["allOf"] = new JsonArray(
                schemas.Of(typeof(RunState)),
                new JsonObject
                {
                    ["if"] = new JsonObject { ["properties"] = new JsonObject { ["runtimeStatus"] = new JsonObject { ["const"] = nameof(RuntimeStatus.Completed) } } },
                    ["then"] = new JsonObject { ["properties"] = new JsonObject { ["output"] = schemas.Of(orchestrator.OutputType) } },
                }),
        };
        var responses = new JsonObject
        {
            ["200"] = OpenApiResponses.Json("It ended within ?wait=: its state, with output once Completed and failure once Failed.", ended),
            ["202"] = OpenApiResponses.Accepted(schemas, "Started, or started before by the same key or instance ID."),
        };
        var operation = Operation($"start{orchestrator.Name}", $"Starts a {orchestrator.Name} run", OpenApiParameters.Start(options), responses.WithProblems(ProblemKind.InvalidInput, ProblemKind.UnknownOrchestrator, ProblemKind.IdempotencyConflict, ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.Throttled, ProblemKind.Draining));
        operation["requestBody"] = Body("The orchestrator's input.", schemas.Of(orchestrator.InputType), required: true);
        return operation;
    }

    private static JsonObject RaiseEvent()
    {
        var responses = new JsonObject { ["202"] = OpenApiResponses.Empty("Accepted; kept until the run waits for it.") };
        var operation = Operation("raiseEvent", "Raises an external event", [OpenApiParameters.Id, OpenApiParameters.EventName], responses.WithProblems(ProblemKind.InvalidJson, ProblemKind.UnknownRun, ProblemKind.RunEnded, ProblemKind.TooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.Draining));
        operation["requestBody"] = Body("The event's payload: any JSON. Empty for null.", true, required: false);
        return operation;
    }

    private static JsonObject Steer(string id, string summary) => new()
    {
        ["post"] = Operation(id, summary, [OpenApiParameters.Id, OpenApiParameters.Reason], new JsonObject { ["202"] = OpenApiResponses.Empty("Accepted.") }.WithProblems(ProblemKind.UnknownRun, ProblemKind.RunEnded, ProblemKind.Draining)),
    };

    private static JsonObject Graph(SchemaRegistry schemas)
    {
        var response = OpenApiResponses.Json("The diagram: JSON, or with a fitting Accept the Mermaid text alone.", schemas.Of(typeof(RunGraph)));
        foreach (var type in (string[])[DrawRun.Mermaid, DrawRun.PlainText]) response["content"]![type] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        return response;
    }

    private static JsonObject Stream() => new()
    {
        ["200"] = new JsonObject
        {
            ["description"] = "Events started, step, status, suspended, resumed, toolResult, message, ended from history; turn, token, toolCall from live output, and gap where some of that is missing; error when the host fails. The id is what to resume by, the data JSON. The stream ends after ended.",
            ["content"] = new JsonObject { ["text/event-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
        },
        ["204"] = OpenApiResponses.Empty("The run has ended and all its events were seen: do not connect again."),
    };

    private static JsonObject Get(string id, string summary, JsonObject[] parameters, JsonObject responses) => new() { ["get"] = Operation(id, summary, parameters, responses) };

    private static JsonObject Operation(string id, string summary, JsonObject[] parameters, JsonObject responses)
    {
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = summary };
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray([.. parameters]);
        }

        operation["responses"] = responses;
        return operation;
    }

    private static JsonObject Body(string description, JsonNode schema, bool required) => new()
    {
        ["required"] = required,
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };
}
