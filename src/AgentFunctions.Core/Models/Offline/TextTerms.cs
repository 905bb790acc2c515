using System.Globalization;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>
/// The terms of texts as numbers: words in lower case, lightly stemmed, without the commonest words; pairs of characters where a script sets
/// no spaces. One object for one request, so that equal terms have equal numbers.
/// </summary>
internal sealed class TextTerms
{
    private const int LongestWord = 64;

    /// <summary>Raw lower-case word to term, or to -1 where it is left out; so each distinct word is stemmed once.</summary>
    private readonly Dictionary<string, int> byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> byStem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> words;

    public TextTerms() => words = byWord.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many different terms were seen.</summary>
    public int Count => byStem.Count;

    /// <summary>The numbers of the terms that were seen, by their stem.</summary>
    public IReadOnlyDictionary<string, int> Stems => byStem;

    /// <summary>The terms of a text in order, with repetitions.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isTask">True for a task or question: words such as "summarize" and "document" are left out too.</param>
    public int[] Read(ReadOnlySpan<char> text, bool isTask = false)
    {
        List<int> terms = [];
        Span<char> lower = stackalloc char[LongestWord];
        for (var i = 0; i < text.Length;)
        {
            var length = WordLength(text[i..]);
            if (length == 0)
            {
                i++;
                continue;
            }

            var word = text.Slice(i, Math.Min(length, LongestWord));
            i += length;
            if (!IsUnspaced(word[0]))
            {
                var written = word.ToLowerInvariant(lower);
                if (!isTask || !CommonWords.OfTasks.Contains(lower[..written])) Add(terms, lower[..written]);
                continue;
            }

            if (word.Length == 1) Add(terms, word);
            for (var pair = 0; pair + 1 < word.Length; pair++) Add(terms, word.Slice(pair, 2));
        }

        return [.. terms];
    }

    /// <summary>How many words a text has; two characters of a script without spaces count as one.</summary>
    public static int CountWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            var length = WordLength(text[i..]);
            if (length > 0) count += IsUnspaced(text[i]) ? (length + 1) / 2 : 1;
            // "nation's" is one word.
            while (i + length + 1 < text.Length && text[i + length] is '\'' or '’' && char.IsLetter(text[i + length + 1])) length += 1 + WordLength(text[(i + length + 1)..]);
            i += Math.Max(1, length);
        }

        return count;
    }

    private void Add(List<int> terms, ReadOnlySpan<char> word)
    {
        if (!words.TryGetValue(word, out var term))
        {
            term = -1;
            if (!CommonWords.OfEnglish.Contains(word) && (word.Length > 1 || IsUnspaced(word[0])))
            {
                var stem = LightStem.Of(word.ToString());
                if (!byStem.TryGetValue(stem, out term)) byStem.Add(stem, term = byStem.Count);
            }

            words[word] = term;
        }

        if (term >= 0) terms.Add(term);
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsWordCharacter(text[0])) return 0;
        var unspaced = IsUnspaced(text[0]);
        var length = 1;
        while (length < text.Length && IsWordCharacter(text[length]) && IsUnspaced(text[length]) == unspaced) length++;
        return length;
    }

    private static bool IsWordCharacter(char character) => character < 128
        ? char.IsAsciiLetterOrDigit(character)
        : char.IsLetterOrDigit(character) || char.IsSurrogate(character) || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Thai to Khmer, kana, Han, Hangul, and what lies beyond the first plane.</summary>
    private static bool IsUnspaced(char character) => character is (>= '\u0e00' and < '\u0f00') or (>= '\u1000' and < '\u10a0') or (>= '\u1780' and < '\u1800')
        or (>= '\u2e80' and < '\ua4d0') or (>= '\uac00' and < '\ue000') or (>= '\uf900' and < '\ufb00');
}
