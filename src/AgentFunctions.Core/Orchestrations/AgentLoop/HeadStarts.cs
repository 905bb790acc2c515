using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>
/// The calls of one turn that run before the model has ended: guesses, and calls whose arguments are complete. A call of the reply with the same tool and arguments takes
/// over what runs; what no call takes over is given up, and the model never hears of it.
/// </summary>
internal sealed class HeadStarts(AgentTools tools, int turn, int most)
{
    private readonly Dictionary<string, HeadStart> byCall = new(StringComparer.Ordinal);

    /// <summary>Starts the expected calls that change nothing.</summary>
    public void Guess(IEnumerable<PredictedCall> calls)
    {
        foreach (var call in calls)
        {
            if (tools.EffectOf(call.Tool) == ToolEffect.ReadOnly) Start(call.Tool, call.Arguments, isGuess: true);
        }
    }

    /// <summary>Starts a call of a reply that is not complete yet, where the tool bears it.</summary>
    public void Start(ModelToolCall call)
    {
        // The event's payload is whatever was raised under its name.
        if (call is not { Tool: { } tool, Arguments: { ValueKind: JsonValueKind.Object } arguments }) return;
        if (tools.EffectOf(tool) is ToolEffect.ReadOnly or ToolEffect.Idempotent) Start(tool, arguments, isGuess: false);
    }

    /// <summary>What runs for a call of the reply, or null.</summary>
    public HeadStart? Take(string tool, JsonElement arguments) => byCall.GetValueOrDefault(KeyOf(tool, arguments));

    /// <summary>Gives up what has not ended, and counts.</summary>
    public (AgentHeadStarts Guesses, AgentHeadStarts EarlyStarts) Close()
    {
        foreach (var start in byCall.Values) start.GiveUp();
        return (Count(byCall.Values.Where(start => start.IsGuess)), Count(byCall.Values.Where(start => !start.IsGuess)));
    }

    private void Start(string tool, JsonElement arguments, bool isGuess)
    {
        var key = KeyOf(tool, arguments);
        if (byCall.ContainsKey(key) || byCall.Count == most) return;
        var call = tools.CallOf(tool, arguments);
        byCall.Add(key, new HeadStart(tools.Begin(call, $"{turn}.{(isGuess ? "guess" : "early")}-{byCall.Count + 1} {tool}"), isGuess));
    }

    private static AgentHeadStarts Count(IEnumerable<HeadStart> starts)
    {
        var all = starts.ToList();
        return new(all.Count(start => start.IsUsed), all.Count(start => !start.IsUsed), all.Where(start => !start.IsUsed).Select(start => start.Spent).Aggregate(Cost.None, Cost.Add));
    }

    private static string KeyOf(string tool, JsonElement arguments) => $"{tool}\n{CanonicalJson.Write(arguments)}";
}

/// <summary>A call that runs before it is certain that it is wanted.</summary>
internal sealed class HeadStart(BranchRun<ToolReply> run, bool isGuess)
{
    private readonly Task<Branch<ToolReply>> outcome = run.RunAsync();

    public bool IsGuess => isGuess;

    /// <summary>Whether a call of the reply has taken it over.</summary>
    public bool IsUsed { get; set; }

    /// <summary>What it has cost, as far as it has ended and says so.</summary>
    public Cost Spent => outcome is { IsCompletedSuccessfully: true, Result.Cost: { } cost } ? cost : Cost.None;

    public void GiveUp()
    {
        if (!outcome.IsCompleted) run.GiveUp();
    }

    /// <summary>What the call gives. A guess that failed is not held against the model's own call: that is then made as if there had been no guess.</summary>
    public async Task<ToolReply> ValueAsync(Func<Task<ToolReply>> call)
    {
        var ended = await outcome;
        return ended.IsSuccess ? ended.Value!
            : isGuess || ended.Error is not { } error ? await call()
            : throw new TaskFailedException(error);
    }
}
