using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Speculation;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>What an agent is to do, with which tools, and within which limits.</summary>
public sealed record AgentLoopInput
{
    /// <summary>The task: a text of 1 to 1,000,000 characters, or the address of a stored one.</summary>
    public required Content Task { get; init; }

    /// <summary>Who the model is and what it is to do: the system message of every turn, up to 8,000 characters. Default: to answer, with the tools where they help.</summary>
    public string Instructions { get; init; } = "Do the task. Use the tools where they help. When you are done, answer.";

    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>) or a configured model's name. Default: <c>balanced</c>.</summary>
    public string Model { get; init; } = ModelTiers.Balanced;

    /// <summary>The names of the tools that the model may call, up to 128. Default: none.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The session whose conversation is continued, 1 to 100 characters. Default: none, the conversation begins here and is not kept.</summary>
    public string? Session { get; init; }

    /// <summary>The agent's name, 1 to 100 characters, by which its habits are learned. Default: a hash of the instructions and tools.</summary>
    public string? Agent { get; init; }

    /// <summary>How often the model is asked, 1 to 1,000. Default: 20.</summary>
    public int MaxTurns { get; init; } = 20;

    /// <summary>How many tokens, in and out, all turns may use together; 1 or more. Default: no limit.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>How many US dollars models and tools may cost together; above 0. Default: no limit.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>How long the run may take; above 0, up to 7 days. Default: 1 hour.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many tools run at once, 1 to 100. Default: 16.</summary>
    public int MaxParallelTools { get; init; } = 16;

    /// <summary>How long one tool call may take, all its attempts included; above 0, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest answer of a turn in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>Whether tools that change nothing are called on a guess while the model still thinks, and the agent's habits are learned. Default: true.</summary>
    public bool Speculate { get; init; } = true;

    /// <summary>The least confidence for a guess, 0.50 to 1. Default: 0.80.</summary>
    public double SpeculationThreshold { get; init; } = ToolPrediction.DefaultThreshold;

    /// <summary>Whether a call that bears repetition starts as soon as its arguments are complete, before the model has ended. Default: true.</summary>
    public bool EarlyStart { get; init; } = true;

    /// <summary>Whether tokens flow out while the model answers. Default: false.</summary>
    public bool Stream { get; init; }

    /// <summary>How the cache may be used, for models and tools. A call that repeats one of an earlier turn is always made anew: the model wants to know what is so now. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}
