using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>One call of a tool.</summary>
public sealed record ToolCall
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments: a JSON object. Default: none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>From more bytes of JSON than this the answer is stored rather than carried, 0 to 32,768. Default: 32,768.</summary>
    public int? InlineBytes { get; init; }
}

/// <summary>What a tool answered: a value, or where it is too large to be carried the address of its JSON.</summary>
public sealed record ToolReply : ICosted
{
    /// <summary>The value.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the value's JSON is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>What the call cost, where the tool says so.</summary>
    public Cost? Cost { get; init; }
}
