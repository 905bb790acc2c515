using System.Globalization;

namespace AgentFunctions.Core.Policies.Chunking;

/// <summary>Cuts a text into chunks that a model can read at once. Pure.</summary>
public static class TextChunker
{
    /// <summary>The least size of a chunk, so that the largest single character fits: 2 tokens.</summary>
    public const int LeastTokens = 2;

    // What TokenEstimate never goes beyond: a token of more than four characters. It bounds how far a chunk can reach.
    private const int CharactersPerToken = 4;

    /// <summary>Cuts a text.</summary>
    /// <remarks>
    /// The chunks cover all that is visible, in order, without overlap; white space around them is left out. Each is as long as
    /// <paramref name="maxTokens"/> allows, then shortened to a bound: a paragraph's end if there is one in its second half, else the last sentence's
    /// end, else the last line's, else the last word's. Only a word larger than a whole chunk is cut, then between
    /// grapheme clusters (Unicode Annex 29), and never inside a surrogate pair. It takes time linear in the length of the text (times the logarithm of a
    /// chunk's length where a token has fewer than four characters).
    /// </remarks>
    /// <param name="text">The text.</param>
    /// <param name="maxTokens">The largest chunk in estimated tokens, at least 2.</param>
    /// <returns>The chunks; none where nothing is visible. They are found while they are read.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is too small.</exception>
    public static IEnumerable<TextSpan> Split(string text, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, LeastTokens);
        return Chunks(text, maxTokens);
    }

    private static IEnumerable<TextSpan> Chunks(string text, int maxTokens)
    {
        for (var start = NextVisible(text, 0); start < text.Length;)
        {
            var reach = Reach(text, start, maxTokens);
            var end = reach == text.Length ? start + text.AsSpan(start).TrimEnd().Length : Cut(text, start, reach);
            yield return new TextSpan(start, end - start);
            start = NextVisible(text, end);
        }
    }

    /// <summary>The greatest end for which the chunk is not too large. The estimate of a prefix is never above that of the whole, so halving finds it.</summary>
    private static int Reach(string text, int start, int maxTokens)
    {
        var (fits, tooFar) = (start, (int)Math.Min(text.Length, start + ((long)maxTokens * CharactersPerToken)) + 1);
        for (var end = tooFar - 1; tooFar - fits > 1; end = fits + ((tooFar - fits) / 2))
        {
            if (TokenEstimate.Count(text.AsSpan(start, end - start)) <= maxTokens) fits = end;
            else tooFar = end;
        }

        return fits;
    }

    private static int Cut(string text, int start, int reach)
    {
        Span<int> last = stackalloc int[(int)TextBound.Paragraph + 1];
        for (var index = start + 1; index <= reach; index++)
        {
            if (char.IsWhiteSpace(text[index - 1])) continue;
            last[(int)TextBounds.At(text, index)] = index;
        }

        var (word, line, sentence, paragraph) = (last[(int)TextBound.Word], last[(int)TextBound.Line], last[(int)TextBound.Sentence], last[(int)TextBound.Paragraph]);
        if (paragraph - start >= (reach - start) / 2) return paragraph;
        sentence = Math.Max(sentence, paragraph);
        if (sentence > 0) return sentence;
        return line > 0 ? line : word > 0 ? word : InsideWord(text, start, reach);
    }

    private static int InsideWord(string text, int start, int reach)
    {
        // Two neighbours below the first combining mark, U+0300, always are clusters of their own; line ends can't be here.
        if (text[reach - 1] < '\u0300' && text[reach] < '\u0300') return reach;
        var end = start;
        while (StringInfo.GetNextTextElementLength(text, end) is var length && end + length <= reach) end += length;
        if (end > start) return end;
        var whole = char.IsHighSurrogate(text[reach - 1]) && char.IsLowSurrogate(text[reach]) ? reach - 1 : reach;
        return whole > start ? whole : reach + 1;
    }

    private static int NextVisible(string text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
        return index;
    }
}
