using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>
/// Invalidates cached answers from a step of a graph, a saga or an agent: those of the run's own tenant, by tag, by kind, or a single one. For orchestrators of your own there is
/// <see cref="ActivityReferences.InvalidateCache"/>. Answers <c>{"tenant": …, "tag": …}</c>: what was invalidated.
/// </summary>
/// <param name="cache">The host's cache, once it is needed; null where the host has none.</param>
public sealed class InvalidateCacheTool(Func<ICacheControl?> cache) : Tool(
    "cache-invalidate",
    "Invalidates cached answers that are out of date: by tag, by kind (Response, Tool, Embedding, Reasoning), or one by its key.",
    """{"type":"object","properties":{"tag":{"type":"string","minLength":1,"maxLength":100},"kind":{"enum":["Response","Tool","Embedding","Reasoning"]},"key":{"type":"string","pattern":"^[0-9a-fA-F]{64}$"}},"minProperties":1,"maxProperties":1,"additionalProperties":false}""",
    ToolEffect.Idempotent)
{
    /// <summary>Invalidates them. When it has answered, no worker serves them.</summary>
    /// <param name="arguments">One of tag, kind and key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CacheUnavailableException">The store did not take it: try again.</exception>
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var control = cache() ?? throw new ToolFailedException(Name, $"The tool '{Name}' has no cache to invalidate: this host keeps none. Leave the call out.");
        var run = arguments.Run ?? throw new ToolFailedException(Name, $"The tool '{Name}' was not called by a run, so it can't tell whose entries are meant. Call it by CallTool.");
        var asked = new CacheInvalidation { Tag = arguments.Optional("tag"), Kind = arguments.Optional("kind") is { } kind ? Enum.Parse<CacheKind>(kind) : null, Key = arguments.Optional("key") };
        if (asked is { Tag: null, Kind: null, Key: null }) throw new ToolArgumentsException(Name, $"The tool '{Name}' got nothing to invalidate. Give a tag, a kind or a key.");
        var what = InvalidateCacheActivity.OfRun(run.InstanceId, asked);
        await control.InvalidateAsync(what, cancellationToken);
        return JsonSerializer.SerializeToElement(what, CacheActivitiesJsonContext.Default.CacheInvalidation);
    }
}
