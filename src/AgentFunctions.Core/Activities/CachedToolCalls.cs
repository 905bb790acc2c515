using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>Answers calls of tools from the cache, where the tool lets its answers be kept.</summary>
/// <param name="cache">The cache.</param>
/// <param name="store">Where large answers are.</param>
internal sealed class CachedToolCalls(ICallCache cache, IContentStore store)
{
    private static readonly JsonElement NoArguments = DurableJson.Parse("{}"u8.ToArray());

    /// <summary>The kept answer, or else the tool's.</summary>
    /// <param name="context">Which call it serves.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="call">The call; its arguments fit.</param>
    /// <param name="make">Calls the tool. It says how long the answer may be kept where the tool says so.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public async Task<ToolReply> CallAsync(ActivityContext context, RegisteredTool tool, ToolCall call, Func<CacheLimit, CancellationToken, Task<KeptToolReply>> make, CancellationToken cancellationToken)
    {
        var settings = call.Cache ?? new();
        if (tool.CacheFor == TimeSpan.Zero || settings.Mode == CacheMode.Off)
        {
            if (settings.Mode == CacheMode.Only) throw new CacheMissException($"Only a kept answer of the tool '{call.Tool}' was asked for, and its answers are not kept. Ask with another mode, or set Tools:Traits:{call.Tool}:CacheFor if they may be.");
            return await ReplyAsync(await make(new CacheLimit(), cancellationToken), note: null, call, cancellationToken);
        }

        var request = RequestOf(context, tool, call, settings);
        var result = await AskAsync(request, tool, make, cancellationToken);

        // A large answer's entry may outlive what it points to.
        if (result is { Note: not null, Value.Ref: { } address } && !await store.ExistsAsync(address, cancellationToken))
        {
            if (settings.Mode == CacheMode.Only) throw new CacheMissException($"Only a kept answer of the tool '{call.Tool}' was asked for, and it is gone from the content store. Ask with another mode.");
            result = await AskAsync(request with { Settings = request.Settings.Anew() }, tool, make, cancellationToken);
        }

        return await ReplyAsync(result.Value, result.Note, call, cancellationToken);
    }

    private Task<CacheResult<KeptToolReply>> AskAsync(CacheRequest request, RegisteredTool tool, Func<CacheLimit, CancellationToken, Task<KeptToolReply>> make, CancellationToken cancellationToken) => cache.GetOrMakeAsync(
        request,
        ToolsJsonContext.Default.KeptToolReply,
        async token =>
        {
            var limit = new CacheLimit();
            var made = await make(limit, token);
            if (tool.CacheFor is { } most) limit.Lower(most);
            return new CacheFill<KeptToolReply>(made, made.Cost, Keep: limit.Time is null || limit.Time >= CacheSettingsRules.ShortestTtl, limit.Time);
        },
        cancellationToken);

    private static CacheRequest RequestOf(ActivityContext context, RegisteredTool tool, ToolCall call, CacheSettings settings) => new()
    {
        Kind = CacheKind.Tool,
        Tenant = Tenants.Of(context.InstanceId),
        Maker = tool.Description.Name,
        MakerVersion = tool.Version,
        Input = JsonSerializer.SerializeToElement(new ToolInput(tool.SchemaHash, call.Arguments is { ValueKind: JsonValueKind.Object } arguments ? arguments : NoArguments), ToolsJsonContext.Default.ToolInput),

        // A tool whose answers may be kept longer than others' says so once, not in each call.
        Settings = settings with { Ttl = settings.Ttl ?? tool.CacheFor },
    };

    private async Task<ToolReply> ReplyAsync(KeptToolReply kept, CacheNote? note, ToolCall call, CancellationToken cancellationToken)
    {
        var reply = new ToolReply { Value = kept.Value, Ref = kept.Ref, Cost = note is null ? kept.Cost : Cost.None, Cache = note };
        if (kept.Value is not { } value || call.InlineBytes is not { } most) return reply;
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.Length <= Math.Max(0, most) ? reply : reply with { Value = null, Ref = await store.PutAsync(json.ToArray(), cancellationToken) };
    }
}
