using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.ToolFanOut;

/// <summary>Which tools to call, and how.</summary>
public sealed record ToolFanOutInput
{
    /// <summary>The calls, 1 to 50,000.</summary>
    public required IReadOnlyList<ToolFanOutCall> Calls { get; init; }

    /// <summary>How long one call may take, all its attempts included; above 0, up to 1 day. Default: 5 minutes.</summary>
    public TimeSpan BranchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many calls must succeed before the rest is given up. Default: all.</summary>
    public Quorum Quorum { get; init; }

    /// <summary>Keys of calls without which the rest is of no use: when one of them fails or is skipped as broken, the rest is given up at once. Default: none.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>How many calls run at once, 1 to 10,000. Default: 50.</summary>
    public int MaxParallel { get; init; } = 50;

    /// <summary>How often a call is tried, 1 to 10. A permanent failure is not tried again. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>
    /// Whether a call of a tool that is known to be broken is skipped at once, with the reason, rather than waited for. Default: true. Set it to false where every call matters more than time.
    /// </summary>
    public bool SkipBroken { get; init; } = true;

    /// <summary>How many calls may start a minute, attempts included, over all runs of the tenant that use the same name: the limit of the API behind the tools. Default: no limit.</summary>
    public CallRate? Rate { get; init; }

    /// <summary>How the cache may be used, for calls that do not say it themselves. Default: in every way, where a tool's answers may be kept.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>One call of a tool.</summary>
public sealed record ToolFanOutCall
{
    /// <summary>A name for the call, 1 to 100 characters, unique. Default: its place in the list, from 0, as text.</summary>
    public string? Key { get; init; }

    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments: a JSON object. Default: none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>How the cache may be used. Default: as the input says.</summary>
    public CacheSettings? Cache { get; init; }
}
