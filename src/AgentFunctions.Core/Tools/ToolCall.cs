using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>One call of a tool.</summary>
public sealed record ToolCall
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments: a JSON object. Default: none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>
    /// What the tool is handed for telling a repeated call from a new one, 1 to 200 characters. With one, the caller vouches that the tool goes by it, and a failed call of an
    /// unsafe tool may be tried again. Default: <see cref="RetryKey"/>.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// What this call has in common with its retries and with no other call: what the tool is handed where <see cref="IdempotencyKey"/> is not given. Nobody vouches for anything by
    /// it. Default: the run's ID and the call's number, the same for every attempt that the engine makes, but not for a retry.
    /// </summary>
    public string? RetryKey { get; init; }

    /// <summary>From more bytes of JSON than this the answer is stored rather than carried, 0 to 32,768. Default: 32,768.</summary>
    public int? InlineBytes { get; init; }

    /// <summary>How the cache may be used, where the tool's answers are kept at all: see <see cref="ToolTraits.CacheFor"/>. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What a tool answered: a value, or where it is too large to be carried the address of its JSON.</summary>
public sealed record ToolReply : ICosted, ICached
{
    /// <summary>The value.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the value's JSON is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>What the call cost, where the tool says so: nothing, where the answer came from the cache.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where the answer came from; null where the tool was called.</summary>
    public CacheNote? Cache { get; init; }
}
