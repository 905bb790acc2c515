using System.Text;
using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>Running text out of Markdown, HTML or hard-wrapped plain text: paragraphs of prose, without headings, tables, code and rules.</summary>
internal static partial class RunningText
{
    /// <summary>The paragraphs, each on one line. Where nothing but boilerplate is left, the whole text as one.</summary>
    public static List<string> Paragraphs(string text)
    {
        List<string> paragraphs = [];
        var current = new StringBuilder();
        var lines = 0;
        var inFence = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            var isFence = line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal);
            if (isFence) inFence = !inFence;
            if (IsUnderline(line) && lines == 1) current.Clear();
            if (isFence || inFence || IsSkipped(line))
            {
                End();
                continue;
            }

            var (content, startsItem) = StripMarker(line);
            if (startsItem) End();
            if (current.Length > 0) current.Append(' ');
            current.Append(content);
            lines++;
        }

        End();
        // An unclosed fence would swallow the rest; a text of headings or tables only has no prose. Something is better than nothing.
        if (paragraphs.Count == 0 && !string.IsNullOrWhiteSpace(text)) paragraphs.Add(WhiteSpace().Replace(text, " ").Trim());
        return paragraphs;

        void End()
        {
            if (current.Length > 0)
            {
                var paragraph = Clean(current.ToString());
                if (IsProse(paragraph)) paragraphs.Add(paragraph);
            }

            current.Clear();
            lines = 0;
        }
    }

    private static bool IsSkipped(ReadOnlySpan<char> line) =>
        line.IsEmpty || IsHeading(line) || IsTable(line) || line.StartsWith("***", StringComparison.Ordinal) || !HasWordCharacter(line);

    private static bool IsHeading(ReadOnlySpan<char> line) => line[0] == '#' && line.TrimStart('#') is var rest && (rest.IsEmpty || rest[0] == ' ');

    private static bool IsUnderline(ReadOnlySpan<char> line) => line.Length >= 3 && (!line.ContainsAnyExcept('=') || !line.ContainsAnyExcept('-'));

    /// <summary>A Markdown table row, or columns set with runs of spaces or dots.</summary>
    private static bool IsTable(ReadOnlySpan<char> line) =>
        line[0] == '|' || line.Count('|') >= 2 || line.Contains("....", StringComparison.Ordinal) || line.Count("   ") >= 2;

    private static bool HasWordCharacter(ReadOnlySpan<char> line)
    {
        foreach (var character in line)
        {
            if (char.IsLetterOrDigit(character)) return true;
        }

        return false;
    }

    private static (string Content, bool StartsItem) StripMarker(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart("> ");
        if (content.IsEmpty) return ("", false);
        if (content.Length > 2 && content[0] is '-' or '*' or '+' or '•' && content[1] == ' ') return (content[2..].TrimStart().ToString(), true);
        var digits = 0;
        while (digits < content.Length && digits < 3 && char.IsAsciiDigit(content[digits])) digits++;
        return digits > 0 && digits + 1 < content.Length && content[digits] is '.' or ')' && content[digits + 1] == ' '
            ? (content[(digits + 2)..].TrimStart().ToString(), true)
            : (content.ToString(), false);
    }

    private static string Clean(string paragraph)
    {
        if (paragraph.Contains('[', StringComparison.Ordinal)) paragraph = Link().Replace(paragraph, "${text}");
        if (paragraph.Contains('<', StringComparison.Ordinal)) paragraph = Tag().Replace(paragraph, " ");
        return WhiteSpace().Replace(paragraph.Replace("**", "", StringComparison.Ordinal), " ").Trim();
    }

    /// <summary>Titles, datelines, captions and capitals are no prose: too few words without a full stop.</summary>
    private static bool IsProse(string paragraph)
    {
        if (paragraph.Length == 0) return false;
        var hasStop = SentenceSplitter.IsTerminator(paragraph.AsSpan().TrimEnd(SentenceSplitter.Closers)[^1..]);
        var letters = 0;
        var lower = 0;
        foreach (var character in paragraph)
        {
            if (!char.IsLetter(character)) continue;
            letters++;
            if (!char.IsUpper(character)) lower++;
        }

        return letters > 0 && (hasStop ? lower > 0 : lower * 2 > letters && TextTerms.CountWords(paragraph) >= 8);
    }

    // ![image](address) and [text](address): the text stays.
    [GeneratedRegex(@"!?\[(?<text>[^\[\]]{0,300})\]\([^()\s]{0,500}\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"<!--.{0,2000}?-->|</?[A-Za-z][^<>]{0,300}>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex WhiteSpace();
}
