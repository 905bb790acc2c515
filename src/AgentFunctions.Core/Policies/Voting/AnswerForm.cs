using System.Buffers;
using System.Text;

namespace AgentFunctions.Core.Policies.Voting;

/// <summary>
/// The form in which two answers are compared: equal forms are one vote. It folds what does not change an answer's meaning (case, white space,
/// width, ligatures, accents written as two characters, typographic quotes and dashes, surrounding punctuation) and keeps what does: the sign and
/// the point of a number, "%", "+" and "#". Unlike NFKC it keeps superscripts and fractions, because 10² is not 102. Pure; applying it twice is as once.
/// </summary>
public static class AnswerForm
{
    private static readonly SearchValues<char> Around = SearchValues.Create(" .,;:!?…\"'`*_¡¿。、");

    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    /// <summary>The form of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The form; empty where the answer has nothing but white space and punctuation.</returns>
    public static string Of(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Trimmed(Composed(Folded(answer)));
    }

    private static StringBuilder Folded(string answer)
    {
        var folded = new StringBuilder(answer.Length);
        foreach (var character in answer)
        {
            if (character is >= '\uFB00' and <= '\uFB06') folded.Append(Ligatures[character - '\uFB00']);
            else if (Plain(character) is var plain && plain != '\0') folded.Append(char.ToLowerInvariant(char.ToUpperInvariant(plain)));
        }

        return folded;
    }

    /// <summary>The plain character for its variants; NUL for what can't be seen.</summary>
    private static char Plain(char character) => character switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        '\u2018' or '\u2019' or '\u201B' or '\u02BC' => '\'',
        '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u00AB' or '\u00BB' => '"',
        '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
        '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD' => '\0',
        _ when char.IsControl(character) && !char.IsWhiteSpace(character) => '\0',
        _ => character,
    };

    /// <summary>Letters with their marks in one character, runs of white space as one space.</summary>
    private static string Composed(StringBuilder text)
    {
        var composed = new StringBuilder(text.Length);
        foreach (var chunk in text.GetChunks())
        {
            foreach (var character in chunk.Span)
            {
                if (char.IsWhiteSpace(character))
                {
                    if (composed.Length > 0 && composed[^1] != ' ') composed.Append(' ');
                }
                else if (composed.Length > 0 && Composition.IsMark(character) && Composition.Of(composed[^1], character) is { } both)
                {
                    composed[^1] = both;
                }
                else
                {
                    composed.Append(character);
                }
            }
        }

        return composed.ToString();
    }

    private static string Trimmed(string text)
    {
        var rest = text.AsSpan();
        for (var before = -1; before != rest.Length;)
        {
            before = rest.Length;
            while (rest.Length > 0 && Around.Contains(rest[^1])) rest = rest[..^1];
            while (rest.Length > 0 && Around.Contains(rest[0]) && !(rest[0] == '.' && rest.Length > 1 && char.IsAsciiDigit(rest[1]))) rest = rest[1..];

            // "(b)" and "b)" are how choices are written; brackets around more than a word may mean something.
            if (rest.Length > 1 && rest[^1] == ')' && IsWord(rest[(rest[0] == '(' ? 1 : 0)..^1])) rest = rest[(rest[0] == '(' ? 1 : 0)..^1];
        }

        return rest.ToString();
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character)) return false;
        }

        return text.Length > 0;
    }
}
