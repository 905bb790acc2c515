using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>A tool's answer as it is kept, whatever size its callers want carried: a value of at most 32 KB, or the address of a larger one.</summary>
internal sealed record KeptToolReply
{
    /// <summary>The value.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the value's JSON is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>What the call cost, where the tool said so.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>What a tool's answer depends on besides its name and version.</summary>
/// <param name="Schema">The hash of its schema.</param>
/// <param name="Arguments">The arguments; none are an empty object.</param>
internal sealed record ToolInput(string Schema, JsonElement Arguments);
