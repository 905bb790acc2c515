using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Tools.Search;

/// <summary>A passage of a text: where its words begin and end, the line of its first word, from 1, and how many words it has.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PassageBounds(int Start, int End, int Line, int Words)
{
    private const int LongestPassage = 150;

    /// <summary>The words of a text: runs of letters and digits.</summary>
    public static IEnumerable<Range> WordsOf(string text) => WordsOf(text, 0, text.Length);

    /// <summary>The words of a part of a text.</summary>
    public static IEnumerable<Range> WordsOf(string text, int from, int to)
    {
        for (var start = from; start < to; start++)
        {
            if (!char.IsLetterOrDigit(text[start])) continue;
            var end = start + 1;
            while (end < to && char.IsLetterOrDigit(text[end])) end++;
            yield return start..end;
            start = end;
        }
    }

    /// <summary>The passages of a text: what stands between blank lines, in pieces of at most <see cref="LongestPassage"/> words.</summary>
    public static IEnumerable<PassageBounds> Of(string text)
    {
        var passage = new PassageBounds(0, 0, 1, 0);
        var (line, seen) = (1, 0);
        foreach (var word in WordsOf(text))
        {
            var (start, end) = (word.Start.Value, word.End.Value);
            var lines = text.AsSpan(seen, start - seen).Count('\n');
            (line, seen) = (line + lines, start);
            if (passage.Words > 0 && (passage.Words >= LongestPassage || lines > 1))
            {
                yield return passage;
                passage = default;
            }

            passage = passage.Words == 0 ? new PassageBounds(start, end, line, 1) : passage with { End = end, Words = passage.Words + 1 };
        }

        if (passage.Words > 0) yield return passage;
    }
}
