using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>A value on its way through a pipeline: itself where it is short, its address where it is long. Exactly one is set.</summary>
public sealed record ItemValue
{
    /// <summary>From more bytes of JSON than this a value is stored rather than carried: 2,048.</summary>
    public const int InlineBytes = 2048;

    /// <summary>The value.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the value is.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>Whether what is stored is plain text, to be taken as a JSON string. Default: false; it is JSON.</summary>
    public bool IsText { get; init; }
}

/// <summary>One call of a tool with a pipeline's item.</summary>
public sealed record ItemCall
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments; a template in which <c>{"$value": "item.id"}</c> stands for a value of the item and <c>{{item.id}}</c> in a string for its text. Default: the item itself, which must then be an object.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The item.</summary>
    public required ItemValue Item { get; init; }

    /// <summary>Equal for calls that are to take effect once; handed to the tool.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How the cache may be used. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What a tool made of an item.</summary>
/// <param name="Item">The new value.</param>
/// <param name="Cost">What the call cost, where the tool says so.</param>
/// <param name="Cache">Where the value came from, where that was the cache.</param>
public sealed record ItemReply(ItemValue Item, Cost? Cost = null, CacheNote? Cache = null) : ICosted, ICached;
