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
    /// grapheme clusters (Unicode Annex 29), and never inside a surrogate pair. The time is linear in the length of the text
    /// (at worst times the logarithm of a chunk's length, where scripts change within a chunk).
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

    /// <summary>The greatest end for which the chunk is not too large. The estimate of a prefix is never above that of the whole, so it can be closed in on.</summary>
    private static int Reach(string text, int start, int maxTokens)
    {
        var (fits, tooFar) = (start, (int)Math.Min(text.Length, start + ((long)maxTokens * CharactersPerToken)) + 1);
        var end = tooFar - 1;
        for (var step = 0; tooFar - fits > 1; step++)
        {
            var tokens = TokenEstimate.Count(text.AsSpan(start, end - start));
            if (tokens <= maxTokens) fits = end;
            else tooFar = end;
            // Text is much alike from end to end, so the share that fits is a good guess; every third step halves, in case it is not.
            var guess = step % 3 == 2 ? fits + ((tooFar - fits) / 2) : start + ((long)(end - start) * maxTokens / Math.Max(1, tokens));
            end = (int)Math.Clamp(guess, fits + 1, Math.Max(fits + 1, tooFar - 1));
        }

        return fits;
    }

    // Looks backwards from as far as the chunk reaches; past the middle only for a sentence's end, where none has been met.
    private static int Cut(string text, int start, int reach)
    {
        var middle = start + ((reach - start) / 2);
        var (word, line, sentence) = (0, 0, 0);
        for (var index = reach; index > start && (index >= middle || sentence == 0); index--)
        {
            if (char.IsWhiteSpace(text[index - 1])) continue;
            switch (TextBounds.At(text, index))
            {
                case TextBound.Paragraph when index >= middle:
                    return index;
                case TextBound.Paragraph or TextBound.Sentence:
                    sentence = Math.Max(sentence, index);
                    break;
                case TextBound.Line:
                    line = Math.Max(line, index);
                    break;
                case TextBound.Word:
                    word = Math.Max(word, index);
                    break;
            }
        }

        return sentence > 0 ? sentence : line > 0 ? line : word > 0 ? word : InsideWord(text, start, reach);
    }

    private static int InsideWord(string text, int start, int reach)
    {
        // Two neighbours below the first combining mark, U+0300, always are clusters of their own; line ends can't be here.
        if (text[reach - 1] < '\u0300' && text[reach] < '\u0300') return reach;
        var end = start;
        while (StringInfo.GetNextTextElementLength(text, end) is var length && end + length <= reach) end += length;
        if (end > start) return end;
        // One cluster larger than a chunk; a surrogate pair always fits (LeastTokens), so this is past the start.
        return char.IsHighSurrogate(text[reach - 1]) && char.IsLowSurrogate(text[reach]) ? reach - 1 : reach;
    }

    private static int NextVisible(string text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
        return index;
    }
}
