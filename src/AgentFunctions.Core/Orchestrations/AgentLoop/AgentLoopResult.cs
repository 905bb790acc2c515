using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>What an agent came to. A run that a limit ended completes too, with what there is so far: look at <see cref="Reason"/>.</summary>
public sealed record AgentLoopResult
{
    /// <summary>Why it ended.</summary>
    public required AgentEnd Reason { get; init; }

    /// <summary>The model's last text; stored where it is long. None where it has said nothing.</summary>
    public Content? Answer { get; init; }

    /// <summary>How often the model was asked.</summary>
    public required int Turns { get; init; }

    /// <summary>The tools that were called, in the order of their names.</summary>
    public required IReadOnlyList<AgentToolUse> ToolCalls { get; init; }

    /// <summary>How many calls of the model were answered with an error and never made: no such tool, no JSON object, too many in a turn, or a limit came first.</summary>
    public required int Refused { get; init; }

    /// <summary>What models and tools cost together.</summary>
    public required Cost Cost { get; init; }

    /// <summary>What became of the calls that were made on a guess.</summary>
    public required AgentHeadStarts Speculation { get; init; }

    /// <summary>What became of the calls that were started before the model had ended.</summary>
    public required AgentHeadStarts EarlyStarts { get; init; }

    /// <summary>The conversation's newest delta. None where nothing was said.</summary>
    public ContentRef? Conversation { get; init; }

    /// <summary>What became of the session. None where there is none.</summary>
    public AgentSession? Session { get; init; }

    /// <summary>The model that answered last, by its own name.</summary>
    public string? Model { get; init; }

    /// <summary>How the model failed, where <see cref="Reason"/> says that it did.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>How many of the model's turns were answered from the cache.</summary>
    public int CachedTurns { get; init; }

    /// <summary>Where the last turn's answer came from; none where the model was asked.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>A remark that must not be overlooked, such as that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>Why an agent ended.</summary>
public enum AgentEnd
{
    /// <summary>The model answered.</summary>
    Answered,

    /// <summary>The model was asked as often as it may be, and wanted more.</summary>
    TurnLimit,

    /// <summary>The next turn would go beyond the tokens.</summary>
    TokenLimit,

    /// <summary>The money is spent.</summary>
    CostLimit,

    /// <summary>The time is up.</summary>
    TimeLimit,

    /// <summary>The provider's content filter withheld an answer or a part of it.</summary>
    ContentFiltered,

    /// <summary>An answer was cut off at its greatest length.</summary>
    Length,

    /// <summary>The model failed after the first turn, all attempts included. In the first turn the run fails.</summary>
    ModelFailed,

    /// <summary>After the first turn the budget of the run, of its tenant or of all had no room for another: the error says which. In the first turn the run fails.</summary>
    BudgetExceeded,
}

/// <summary>How a tool was used.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Calls">How often the model had it called.</param>
/// <param name="Failed">How many of these calls gave no value.</param>
/// <param name="Elapsed">How long the model's calls took, one after the other.</param>
/// <param name="Cached">How many of these calls were answered from the cache.</param>
public sealed record AgentToolUse(string Tool, int Calls, int Failed, TimeSpan Elapsed, int Cached = 0);

/// <summary>What became of calls that were started before it was certain that they are wanted.</summary>
/// <param name="Used">How many the model then asked for.</param>
/// <param name="Unused">How many it did not. The model never hears of them.</param>
/// <param name="Cost">What the unused ones cost, as far as tools have said so.</param>
public sealed record AgentHeadStarts(int Used, int Unused, Cost Cost);

/// <summary>What became of a session.</summary>
public sealed record AgentSession
{
    /// <summary>The session's ID.</summary>
    public required string Id { get; init; }

    /// <summary>The version that the run started from.</summary>
    public required long StartedFrom { get; init; }

    /// <summary>The session's version now.</summary>
    public required long Version { get; init; }

    /// <summary>Whether this run's conversation was appended.</summary>
    public required bool Saved { get; init; }

    /// <summary>Where another run has taken the session meanwhile, so that this run's conversation was not appended: it is still in the result. None where there is no conflict.</summary>
    public ContentRef? ConflictingHead { get; init; }
}
