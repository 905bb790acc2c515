namespace AgentFunctions.Core.Tools.Search;

/// <summary>Cuts the text around a place for people to read. Pure.</summary>
internal static class TextSnippet
{
    private const int Before = 80;
    private const int After = 200;

    /// <summary>The text around a place, on one line: whole words where the text has spaces, never half a surrogate pair.</summary>
    public static string Around(string text, int offset)
    {
        var (start, end) = (Math.Max(0, offset - Before), Math.Min(text.Length, offset + After));
        var first = start == 0 ? -1 : text.IndexOf(' ', start, offset - start);
        var last = end == text.Length ? -1 : text.LastIndexOf(' ', end - 1, end - offset);
        (start, end) = (first < 0 ? start : first + 1, last < 0 ? end : last);
        if (start < offset && char.IsLowSurrogate(text[start])) start++;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return string.Join(' ', text[start..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
