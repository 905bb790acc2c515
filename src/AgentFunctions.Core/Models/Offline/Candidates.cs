using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>The candidates that a prompt lists.</summary>
internal static partial class Candidates
{
    /// <summary>Each part is one; a single part is split at its numbered lines or headings, or else at its empty lines.</summary>
    public static IReadOnlyList<string> From(IReadOnlyList<string> sources)
    {
        if (sources.Count != 1) return sources.Count > 0 ? sources : throw new Durable.PermanentFailureException("There are no candidates. Send each as a part of its own.");
        var text = sources[0];
        var starts = Numbered().Matches(text);
        if (starts.Count >= 2) return [.. starts.Select((start, i) => text[(start.Index + start.Length)..(i + 1 < starts.Count ? starts[i + 1].Index : text.Length)].Trim())];
        var paragraphs = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return paragraphs.Length > 0 ? paragraphs : [text];
    }

    [GeneratedRegex(@"^[ \t]*(?:\[\d{1,4}\]|\d{1,4}[.):]|# [^\n]{0,200}$)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Numbered();
}
