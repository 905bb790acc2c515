using System.Text.Json.Nodes;
using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Api.OpenApi;

/// <summary>The parameters of the contract.</summary>
internal static class OpenApiParameters
{
    private const string DurationPattern = "^([0-9]{1,9}(ms|s|m)|([0-9]+\\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?)$";

    public static JsonObject Id => Path("id", "The run's instance ID.");

    public static JsonObject EventName => Path("name", "The event's name, compared without regard to case.");

    public static JsonObject Reason => Query("reason", "Why; shown in the run's history.", new() { ["type"] = "string", ["maxLength"] = 1024 });

    public static JsonObject[] Start(ApiOptions options) =>
    [
        new()
        {
            ["name"] = IdempotencyKey.HeaderName,
            ["in"] = "header",
            ["description"] = "Starting twice with one key starts once (draft-ietf-httpapi-idempotency-key-header). The same key with another orchestrator or input is a 409.",
            ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 255 },
        },
        Tenant("Whose run it is: it stands in front of the instance ID, and what the run caches is this tenant's alone. One key is another run for each tenant. Default: default."),
        Query("instanceId", "The run's instance ID, instead of a key. Default: a new one.", new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Identifiers.Longest, ["pattern"] = @"^[^@/\\#?][^/\\#?]*$" }),
        Query("priority", "The lane.", new() { ["type"] = "string", ["enum"] = Lower<RunPriority>(), ["default"] = "workflow" }),
        Query("deadline", "How long from now the result is of use: 500ms, 30s, 2m or 00:00:30; above 0, at most 24 hours. A run that is not likely to end by then is refused with 429. Default: no such time.", new() { ["type"] = "string", ["pattern"] = DurationPattern }),
        Query(StartBudget.Usd, "What the run may spend on models, in US dollars. Default: what the host's settings say.", new() { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = BudgetLimit.MostUsd }),
        Query(StartBudget.Tokens, "How many tokens the run may use, in and out. Default: what the host's settings say.", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = BudgetLimit.MostTokens }),
        Query("wait", $"How long to wait for the result: 500ms, 30s, 2m or 00:00:30; at most {options.MaxWait:c}. Default: not at all.", new() { ["type"] = "string", ["pattern"] = DurationPattern }),
    ];

    public static JsonObject[] Status =>
    [
        Id,
        Query("showInput", "Whether the input is in the answer.", Flag(true)),
        Query("payloads", "Whether input, custom status and output are in the answer.", Flag(true)),
    ];

    public static JsonObject[] Budgets =>
    [
        Query("tenant", "Only this tenant's budgets, beside those of all. Default: those of the tenants that the settings name, and of the tenant 'default'.", TenantName()),
        Query("run", "Also this run's budget, and its tenant's alone.", new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Identifiers.Longest }),
    ];

    public static JsonObject[] List =>
    [
        Query("status", "Only these statuses, with commas between them.", new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["enum"] = Names<RuntimeStatus>() } }, exploded: false),
        Query("name", "Only this orchestrator.", new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Identifiers.Longest }),
        Query("tenant", "Only this tenant's runs; the tenant 'default' can't be listed so.", TenantName()),
        Query("prefix", "Only instance IDs that start with this.", new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Identifiers.Longest }),
        Query("from", "Only runs created at or after this time.", new() { ["type"] = "string", ["format"] = "date-time" }),
        Query("to", "Only runs created before this time.", new() { ["type"] = "string", ["format"] = "date-time" }),
        Query("pageSize", "How many at most.", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 1000, ["default"] = 100 }),
        Query("continuationToken", "The token of the page before.", new() { ["type"] = "string", ["minLength"] = 1 }),
        Query("payloads", "Whether input, custom status and output are in the answer.", Flag(false)),
    ];

    public static JsonObject[] Stream =>
    [
        Id,
        new()
        {
            ["name"] = LastEventId.HeaderName,
            ["in"] = "header",
            ["description"] = "The id of the last event seen, unchanged; what came after it is sent. Default: 0, which is all.",
            ["schema"] = EventId(),
        },
        Query(LastEventId.ParameterName, $"The same, for clients that can't set the header {LastEventId.HeaderName}; the header goes first.", EventId()),
    ];

    public static JsonObject[] Restart =>
    [
        Id,
        Query("withNewInstanceId", "True: a new run, the old one stays. False: the same instance ID, the old history is dropped.", Flag(true)),
        Query("restartWithNewInstanceId", "Durable Functions' name for withNewInstanceId.", Flag(true)),
    ];

    public static JsonObject[] Invalidation =>
    [
        Tenant("The sender's tenant: it is the tenant then, and the parameter 'tenant' may name no other."),
        Query("tenant", "Only this tenant's entries, and shared ones of that tag, kind or key. Default: every tenant's.", TenantName()),
        Query("kind", "Only this kind. Not with a tag.", new() { ["type"] = "string", ["enum"] = Lower<CacheKind>() }),
        Query("tag", "Only entries with this tag.", new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = CacheSettings.LongestTag }),
        Query("key", "Only this entry, which the note of a cached answer names; with its tenant and nothing else.", new() { ["type"] = "string", ["pattern"] = "^[0-9a-fA-F]{64}$" }),
        Query("all", "True, and no kind, tag or key: all entries, of the tenant where one is named. Without any parameter nothing is invalidated.", Flag(false)),
    ];

    public static JsonObject Sender => Tenant("The sender's tenant. Default: what the body says.");

    private static JsonObject Tenant(string description) => new() { ["name"] = TenantRuns.HeaderName, ["in"] = "header", ["description"] = description, ["schema"] = TenantName() };

    private static JsonObject TenantName() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Tenants.LongestName, ["pattern"] = "^[a-z0-9._-]+$" };

    private static JsonObject EventId() => new() { ["type"] = "string", ["pattern"] = StreamPosition.Pattern };

    private static JsonObject Path(string name, string description) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
    };

    private static JsonObject Query(string name, string description, JsonObject schema, bool exploded = true)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query", ["description"] = description, ["schema"] = schema };
        if (!exploded)
        {
            parameter["explode"] = false;
        }

        return parameter;
    }

    private static JsonObject Flag(bool absent) => new() { ["type"] = "boolean", ["default"] = absent };

    private static JsonArray Names<T>()
        where T : struct, Enum => new([.. Enum.GetNames<T>().Select(name => JsonValue.Create(name))]);

    private static JsonArray Lower<T>()
        where T : struct, Enum => new([.. Enum.GetNames<T>().Select(name => JsonValue.Create(char.ToLowerInvariant(name[0]) + name[1..]))]);
}
