namespace AgentFunctions.Core.Search.Mapped;

/// <summary>
/// Where hits are in a JSON answer. A path names properties and places, from 0: <c>response.docs</c>, <c>content[0].text</c>; the empty path is
/// the value itself. A text that stands where more of the path leads on is read as JSON, as MCP tools answer.
/// </summary>
public sealed record ResultMapping
{
    /// <summary>The array of hits, best first. Default: the answer itself.</summary>
    public string Items { get; init; } = "";

    /// <summary>The ID within a hit: a text or a number. Default: <c>id</c>.</summary>
    public string Id { get; init; } = "id";

    /// <summary>The title within a hit. Default: <c>title</c>; a hit without one has none.</summary>
    public string Title { get; init; } = "title";

    /// <summary>The text within a hit. Default: <c>snippet</c>; a hit without one has none.</summary>
    public string Snippet { get; init; } = "snippet";

    /// <summary>A number within a hit that says how well it fits. Default: <c>score</c>; a hit without one has none.</summary>
    public string Score { get; init; } = "score";

    /// <summary>What is wrong with the paths, each with its name and what to do.</summary>
    internal IEnumerable<(string Name, string Fault)> Faults()
    {
        foreach (var (name, path) in new[] { ("items", Items), ("id", Id), ("title", Title), ("snippet", Snippet), ("score", Score) })
        {
            if (!ResultPath.TryParse(path, out _)) yield return (name, $"'{path}' is no path. Write property names with dots and places in brackets, such as content[0].text, at most {ResultPath.Longest} characters.");
        }
    }
}
