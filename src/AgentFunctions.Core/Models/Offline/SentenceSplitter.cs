namespace AgentFunctions.Core.Models.Offline;

/// <summary>Splits a paragraph into sentences: at . ! ? and their like, not after abbreviations and initials.</summary>
internal static class SentenceSplitter
{
    /// <summary>What may stand between the full stop and the space.</summary>
    public const string Closers = "\"'”’»)]』」";

    /// <summary>A sentence longer than this, in characters, is cut into pieces.</summary>
    private const int LongestSentence = 900;

    private const int PieceLength = 400;

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "st", "messrs", "gen", "col", "capt", "lt", "maj", "sen", "rep", "gov", "hon", "prof", "rev", "jr", "sr", "vs",
        "no", "nos", "vol", "fig", "figs", "eq", "inc", "ltd", "co", "corp", "cf", "approx", "dept", "sec", "art", "jan", "feb", "mar", "apr",
        "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "ca", "al", "ed", "pp", "viz",
    };

    // After "U.S." or "p.m." a capital may be a name; these words rather start a sentence.
    private static readonly HashSet<string> Starters = new(StringComparer.Ordinal)
    {
        "The", "This", "These", "That", "It", "In", "We", "I", "They", "But", "And", "He", "She", "If", "As", "At", "On", "For", "To", "Our", "A", "An", "No", "There",
    };

    /// <summary>The sentences in order; a piece of an overlong one says so.</summary>
    public static IEnumerable<(string Text, bool IsPiece)> Split(string paragraph)
    {
        var start = 0;
        while (start < paragraph.Length)
        {
            var end = FindEnd(paragraph, start);
            var sentence = paragraph[start..end].Trim();
            start = end;
            if (sentence.Length == 0) continue;
            if (sentence.Length <= LongestSentence) yield return (sentence, false);
            else foreach (var piece in Pieces(sentence)) yield return (piece, true);
        }
    }

    public static bool IsTerminator(ReadOnlySpan<char> text) => text is [var last, ..] && (last is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '।' or '؟' or '؛' or '．');

    private static int FindEnd(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (!IsTerminator(text.AsSpan(i, 1))) continue;
            var end = i + 1;
            while (end < text.Length && (IsTerminator(text.AsSpan(end, 1)) || Closers.Contains(text[end], StringComparison.Ordinal))) end++;
            if (end >= text.Length) return text.Length;
            // Chinese and Japanese leave no space after their full stops.
            if (text[i] is '。' or '！' or '？' or '．') return end;
            if (!char.IsWhiteSpace(text[end])) continue;
            var next = end;
            while (next < text.Length && char.IsWhiteSpace(text[next])) next++;
            if (next >= text.Length) return text.Length;
            if (!char.IsLower(text[next]) && (text[i] != '.' || !IsAbbreviation(text, start, i, next))) return end;
            i = end;
        }

        return text.Length;
    }

    private static bool IsAbbreviation(string text, int start, int stop, int next)
    {
        var from = stop;
        while (from > start && !char.IsWhiteSpace(text[from - 1])) from--;
        var word = text.AsSpan(from, stop - from).TrimStart("\"'“‘([");
        if (word.Length == 1 && char.IsUpper(word[0])) return word[0] != 'I';
        if (!word.Contains('.')) return word.Length <= 6 && Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) && !(word.Equals("no", StringComparison.OrdinalIgnoreCase) && !char.IsDigit(text[next]));
        var nextEnd = next;
        while (nextEnd < text.Length && char.IsLetter(text[nextEnd])) nextEnd++;
        return word.Length <= 8 && !char.IsDigit(word[0]) && !Starters.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(next, nextEnd - next));
    }

    /// <summary>Cuts at the last semicolon, comma or space before the bound; where there is none, at the bound.</summary>
    private static IEnumerable<string> Pieces(string sentence)
    {
        var start = 0;
        while (sentence.Length - start > PieceLength)
        {
            var window = sentence.AsSpan(start, PieceLength);
            var cut = Math.Max(window.LastIndexOfAny(';', '；'), window.LastIndexOf("—"));
            if (cut < PieceLength / 3) cut = window.LastIndexOfAny(',', '，', '、');
            if (cut < PieceLength / 3) cut = window.LastIndexOf(' ');
            if (cut < PieceLength / 3) cut = PieceLength - 1;
            if (char.IsHighSurrogate(sentence[start + cut])) cut--;
            yield return sentence.Substring(start, cut + 1).Trim();
            start += cut + 1;
        }

        var rest = sentence[start..].Trim();
        if (rest.Length > 0) yield return rest;
    }
}
