using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>The tools of a run: what is known of them, and how they are called.</summary>
internal sealed class AgentTools(OrchestrationContext context, AgentLoopInput input, IEnumerable<ToolDescription> descriptions)
{
    /// <summary>From more bytes than this a tool's answer crosses history as an address: 512.</summary>
    public const int InlineBytes = 512;

    /// <summary>So many different calls of a run are remembered: 2,000.</summary>
    public const int MostRemembered = 2000;

    private readonly SortedDictionary<string, ToolEffect> effects = new(descriptions.ToDictionary(tool => tool.Name, tool => tool.Effect, StringComparer.Ordinal), StringComparer.Ordinal);
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private ReplaySafeRandom? random;

    public IEnumerable<string> Names => effects.Keys;

    /// <summary>Whether any tool may be called before it is certain that the call is wanted.</summary>
    public bool AnyBearsRepetition => effects.Values.Any(effect => effect != ToolEffect.Unsafe);

    /// <summary>What a tool does, or null where there is no such tool.</summary>
    public ToolEffect? EffectOf(string tool) => effects.TryGetValue(tool, out var effect) ? effect : null;

    /// <summary>A call for the model. One that repeats a call of an earlier turn must find out what is so now, as a model that polls wants to know.</summary>
    public ToolCall CallOf(string tool, JsonElement arguments) => new()
    {
        Tool = tool,
        Arguments = arguments,
        InlineBytes = InlineBytes,

        // Where more were made than are remembered, any may be a repetition.
        Cache = made.Count == MostRemembered || made.Contains(KeyOf(tool, arguments)) ? input.Cache.Anew() : input.Cache,
    };

    /// <summary>Remembers calls whose answers the model has seen.</summary>
    public void Remember(IEnumerable<ModelToolCall> calls)
    {
        foreach (var call in calls)
        {
            if (made.Count < MostRemembered) made.Add(KeyOf(call.Tool, call.Arguments!.Value));
        }
    }

    /// <summary>Equal for calls of one tool with the same arguments.</summary>
    private static string KeyOf(string tool, JsonElement arguments) => ContentRef.Of(Encoding.UTF8.GetBytes($"{tool}\n{CanonicalJson.Write(arguments)}")).Sha256[..32];

    /// <summary>Calls a tool, again as far as it bears that. One that is known to be broken is not waited for: the model is told, and can do without.</summary>
    public Task<ToolReply> CallAsync(ToolCall call, string label, CancellationToken cancellationToken)
    {
        var keyed = Keyed(call);
        return Attempts.RunAsync(context, RetryOf(call.Tool), Draw, token => AttemptAsync(keyed, label, token), context.UtcNow + input.ToolTimeout, failed: null, cancellationToken, skipBroken: true);
    }

    /// <summary>A call that can be given up, as FanOut's branches can.</summary>
    public BranchRun<ToolReply> Begin(ToolCall call, string label)
    {
        var keyed = Keyed(call);
        return new(
            context,
            new BranchBody<ToolReply>(label, token => AttemptAsync(keyed, label, token)),
            new FanOutOptions { Retry = RetryOf(call.Tool), BranchTimeout = input.ToolTimeout, SkipBroken = true },
            Draw);
    }

    /// <summary>The call, with what its retries have in common. A call that may be made once needs no such key.</summary>
    private ToolCall Keyed(ToolCall call) => EffectOf(call.Tool) is ToolEffect.Idempotent or ToolEffect.ReadOnly ? call with { RetryKey = context.NewGuid().ToString("n") } : call;

    private Task<ToolReply> AttemptAsync(ToolCall call, string label, CancellationToken token) =>
        context.CallActivityAsync(ActivityReferences.CallTool, call, new CallOptions { Label = label, Cancellation = token });

    private RetryPolicy RetryOf(string tool) => EffectOf(tool) is ToolEffect.ReadOnly or ToolEffect.Idempotent ? new RetryPolicy() : RetryPolicy.None;

    private double Draw() => (random ??= ReplaySafeRandom.From(context)).NextDouble();
}
