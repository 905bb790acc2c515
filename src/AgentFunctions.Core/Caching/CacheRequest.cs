using System.Text.Json;

namespace AgentFunctions.Core.Caching;

/// <summary>What is asked of the cache: everything that the answer depends on.</summary>
public sealed record CacheRequest
{
    /// <summary>What it is.</summary>
    public required CacheKind Kind { get; init; }

    /// <summary>Who asks: no other tenant's answer is given, unless it was written as shared.</summary>
    public required string Tenant { get; init; }

    /// <summary>What would make the answer: the model's or the tool's name.</summary>
    public required string Maker { get; init; }

    /// <summary>Which version of it. Default: none.</summary>
    public string? MakerVersion { get; init; }

    /// <summary>What it would be made from: the prompt with its options, the arguments, the text. Compared in canonical form (<see cref="Serialization.CanonicalJson"/>).</summary>
    public required JsonElement Input { get; init; }

    /// <summary>How the cache may be used. Default: in every way.</summary>
    public CacheSettings Settings { get; init; } = new();

    /// <summary>The question, where an answer to one with the same meaning may do (<see cref="CacheKind.Response"/>). Default: none, only the same input will do.</summary>
    public CacheQuestion? Question { get; init; }
}

/// <summary>A question in words.</summary>
/// <param name="Text">The question.</param>
/// <param name="Scope">All else that the answer depends on (instructions, options), as a text or its hash: only questions of one scope are compared.</param>
public sealed record CacheQuestion(string Text, string Scope);
