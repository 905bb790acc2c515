using System.Globalization;

namespace AgentFunctions.Core.Policies.Chunking;

/// <summary>How good a place is to cut a text. Higher is better.</summary>
internal enum TextBound
{
    /// <summary>Inside a word.</summary>
    None,

    /// <summary>Between words.</summary>
    Word,

    /// <summary>Between lines.</summary>
    Line,

    /// <summary>Between sentences.</summary>
    Sentence,

    /// <summary>Between paragraphs: a blank line, a form feed, a paragraph separator, the end of the text.</summary>
    Paragraph,
}

/// <summary>Finds words', sentences' and paragraphs' ends. Pure.</summary>
internal static class TextBounds
{
    private const int LongestAbbreviation = 8;
    private const string ClosingMarks = "\"'”’»)]}*_」』）";
    private const char FirstClosingMarkOfHan = '’';
    private const string FullWidthStops = "。！？";
    private const string FullWidthPauses = "，、；：";

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> abbreviations = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "gov", "sen", "rep", "st", "jr", "sr", "messrs",
        "vs", "etc", "cf", "al", "inc", "ltd", "co", "corp", "no", "nos", "vol", "pp", "fig", "sec", "art", "approx", "est",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How good it is to end a chunk before the character at <paramref name="index"/>, which comes after a visible one.</summary>
    public static TextBound At(ReadOnlySpan<char> text, int index)
    {
        if (!char.IsWhiteSpace(text[index])) return WithoutSpace(text, index);
        var (next, lines, paragraph) = (index, 0, false);
        for (; next < text.Length && char.IsWhiteSpace(text[next]); next++)
        {
            if (text[next] is '\n' or '\u0085' or '\u2028' || (text[next] == '\r' && !(next + 1 < text.Length && text[next + 1] == '\n'))) lines++;
            else if (text[next] is '\f' or '\u2029') paragraph = true;
        }

        if (paragraph || lines > 1 || next == text.Length) return TextBound.Paragraph;
        if (EndsSentence(text[..index], text[next])) return TextBound.Sentence;
        return lines > 0 ? TextBound.Line : TextBound.Word;
    }

    // Han and kana are written without spaces; their stops and pauses are the bounds.
    private static TextBound WithoutSpace(ReadOnlySpan<char> text, int index)
    {
        if (text[index - 1] < FirstClosingMarkOfHan || BelongsToLast(text[index])) return TextBound.None;
        var last = text[WithoutMarks(text[..index]) is > 0 and var end ? end - 1 : 0];
        if (FullWidthStops.Contains(last, StringComparison.Ordinal)) return TextBound.Sentence;
        return FullWidthPauses.Contains(text[index - 1], StringComparison.Ordinal) ? TextBound.Word : TextBound.None;
    }

    private static bool BelongsToLast(char character) =>
        ClosingMarks.Contains(character, StringComparison.Ordinal)
        || FullWidthStops.Contains(character, StringComparison.Ordinal)
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static bool EndsSentence(ReadOnlySpan<char> before, char next)
    {
        var end = WithoutMarks(before);
        if (end == 0 || char.IsLower(next)) return false;
        return before[end - 1] switch
        {
            '!' or '?' or '…' or '。' or '！' or '？' => true,
            '.' => !IsAbbreviation(before[..(end - 1)]),
            _ => false,
        };
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var start = before.Length;
        while (start > 0 && before.Length - start < LongestAbbreviation && char.IsLetter(before[start - 1])) start--;
        var word = before[start..];
        return word.Length == 1 ? char.IsUpper(word[0]) : abbreviations.Contains(word);
    }

    // At most a few: a longer run is no closing of anything, and looking at all of it at each place would not be linear.
    private static int WithoutMarks(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && text.Length - end < 4 && ClosingMarks.Contains(text[end - 1], StringComparison.Ordinal)) end--;
        return end;
    }
}
