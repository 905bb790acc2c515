using System.Text.Json;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>A tool that searches: built in, of the host, or of an MCP server. It may be called more than once for one search, so it should only read.</summary>
public sealed record ToolSearch
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments: a JSON object. In its texts <c>{query}</c> and <c>{top}</c> are replaced; a text that is just <c>{top}</c> becomes a number.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Where the hits are in the answer.</summary>
    public required ResultMapping Result { get; init; }
}

/// <summary>A search service that answers JSON over HTTP GET. Its host must be one that the tool <c>http-get</c> may call.</summary>
public sealed record HttpSearch
{
    /// <summary>The URL, with <c>{query}</c> where the query goes, percent-encoded, and <c>{top}</c> where the number of hits goes if it wants to know; not in the host.</summary>
    public required string Url { get; init; }

    /// <summary>Where the hits are in the answer.</summary>
    public required ResultMapping Result { get; init; }
}
