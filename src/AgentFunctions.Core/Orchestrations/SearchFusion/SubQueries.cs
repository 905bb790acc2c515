using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Reads sub-queries out of a model's answer. Pure.</summary>
internal static partial class SubQueries
{
    // A part of a query is not longer than the query, but for a few words that make it understandable by itself.
    private const int MoreCharacters = 40;

    /// <summary>The sub-queries that differ from the query and from each other; or why the answer does not fit.</summary>
    public static (IReadOnlyList<string> Queries, string? Fault) Read(string answer, string query, int max)
    {
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => Bullet().Replace(line, "").Trim().Trim('"').Trim())
            .ToList();
        if (lines.Count == 0) return ([], "it is empty");
        if (lines.Count > max) return ([], $"it has {lines.Count} lines, and at most {max} were asked for");
        if (lines.FirstOrDefault(line => line.Length == 0 || line.Any(char.IsControl) || !line.Any(char.IsLetterOrDigit)) is not null) return ([], "a line has no word");
        if (lines.FirstOrDefault(line => line.Length > query.Length + MoreCharacters) is { } tooLong) return ([], $"a line has {tooLong.Length} characters, more than a part of the query can have");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { query.Trim() };
        return ([.. lines.Where(seen.Add)], null);
    }

    [GeneratedRegex(@"\A(?:[-*•]|\d{1,2}[.):])\s+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bullet();
}
