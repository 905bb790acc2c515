using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search;

/// <summary>Bounds hits, so that what crosses history stays under 32 KB whatever a source answers. Pure.</summary>
internal static class ReplyHits
{
    private const int LongestId = 500;
    private const int MostBytes = 30 * 1024;
    private const int FrameBytes = 80;

    /// <summary>At most so many hits; long titles and snippets are shortened alike, as far as the room demands.</summary>
    /// <exception cref="PermanentFailureException">An ID is empty or too long, or the IDs alone need more room than there is.</exception>
    public static IReadOnlyList<SearchHit> Fit(IReadOnlyList<SearchHit> hits, int top)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<SearchHit>(Math.Min(top, hits.Count));
        var room = MostBytes;
        foreach (var hit in hits)
        {
            if (kept.Count == top) break;
            if (hit.Id.Length is 0 or > LongestId) throw new PermanentFailureException($"A hit's ID has {hit.Id.Length} characters. A source must give IDs of 1 to {LongestId}.");
            if (!seen.Add(hit.Id)) continue;
            kept.Add(hit);
            room -= FrameBytes + JsonBytes(hit.Id);
        }

        if (room < 0) throw new PermanentFailureException($"The IDs of {kept.Count} hits alone need more than {MostBytes} bytes. Ask for fewer with 'top', or give shorter IDs.");
        return [.. kept.Select(hit => Fit(hit, room / kept.Count))];
    }

    private static SearchHit Fit(SearchHit hit, int room)
    {
        var title = Cut(hit.Title, room / 3);
        return hit with { Title = title, Snippet = Cut(hit.Snippet, room - (title is null ? 0 : JsonBytes(title))) };
    }

    private static string? Cut(string? text, int bytes)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var (used, end) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            used += BytesOf(rune);
            if (used > bytes) return end == 0 ? null : text[..end].TrimEnd();
            end += rune.Utf16SequenceLength;
        }

        return text;
    }

    private static int JsonBytes(string text) => text.EnumerateRunes().Sum(BytesOf);

    // As the relaxed encoder writes: control characters as \u0000 (six bytes), quotes and backslashes as two.
    private static int BytesOf(Rune rune) => Rune.IsControl(rune) || !rune.IsBmp ? 12 : rune.Value is '"' or '\\' ? 2 : rune.Utf8SequenceLength == 1 ? 1 : 6;
}
