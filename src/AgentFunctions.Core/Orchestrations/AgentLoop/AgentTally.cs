using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>Adds up what a run has used, and says which limit comes before the next turn.</summary>
internal sealed class AgentTally(AgentLoopInput input)
{
    private readonly SortedDictionary<string, AgentToolUse> uses = new(StringComparer.Ordinal);
    private long lastTokens;

    public int Turns { get; private set; }

    public Cost Cost { get; private set; } = Cost.None;

    public int Refused { get; set; }

    public AgentHeadStarts Guesses { get; private set; } = new(0, 0, Cost.None);

    public AgentHeadStarts EarlyStarts { get; private set; } = new(0, 0, Cost.None);

    public IReadOnlyList<AgentToolUse> Uses => [.. uses.Values];

    public void BeginTurn() => Turns++;

    /// <summary>How many turns were answered from the cache.</summary>
    public int CachedTurns { get; private set; }

    public void Add(ChatReply reply)
    {
        if (reply.Cache is not null) CachedTurns++;
        if (reply.Cost is not { } cost) return;
        Cost += cost;
        lastTokens = cost.InputTokens + cost.OutputTokens;
    }

    public void Add(string tool, Branch<ToolReply> outcome)
    {
        var use = uses.GetValueOrDefault(tool) ?? new AgentToolUse(tool, 0, 0, TimeSpan.Zero);
        uses[tool] = use with { Calls = use.Calls + 1, Failed = use.Failed + (outcome.IsSuccess ? 0 : 1), Elapsed = use.Elapsed + outcome.Elapsed, Cached = use.Cached + (outcome.Status == BranchStatus.Cached ? 1 : 0) };
        Cost += outcome.Cost ?? Cost.None;
    }

    public void Add(AgentHeadStarts guesses, AgentHeadStarts earlyStarts)
    {
        Guesses = Sum(Guesses, guesses);
        EarlyStarts = Sum(EarlyStarts, earlyStarts);
        Cost += guesses.Cost + earlyStarts.Cost;
    }

    /// <summary>The limit that forbids another turn, or null. Only what is certain counts: a turn sends at least all that the one before sent and got.</summary>
    public AgentEnd? Limit(bool timeIsUp) =>
        timeIsUp ? AgentEnd.TimeLimit
        : Turns >= input.MaxTurns ? AgentEnd.TurnLimit
        : Cost.InputTokens + Cost.OutputTokens + lastTokens > input.MaxTokens ? AgentEnd.TokenLimit
        : Cost.Usd >= input.MaxCostUsd ? AgentEnd.CostLimit
        : null;

    private static AgentHeadStarts Sum(AgentHeadStarts left, AgentHeadStarts right) => new(left.Used + right.Used, left.Unused + right.Unused, left.Cost + right.Cost);
}
