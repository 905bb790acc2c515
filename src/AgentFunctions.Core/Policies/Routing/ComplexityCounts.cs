namespace AgentFunctions.Core.Policies.Routing;

/// <summary>What <see cref="ComplexityScore"/> counts in a text. Adding a line adds its counts and takes none away.</summary>
/// <param name="Tokens">Its length, estimated.</param>
/// <param name="Reasoning">Words that ask for reasons, comparisons or plans, such as why, compare, derive; and questions after the first.</param>
/// <param name="Constraints">Words that bind the answer, such as must, only, at least.</param>
/// <param name="Steps">Words that order steps, such as first, then, finally; and lines that begin as those of a list do.</param>
/// <param name="Numbers">Runs of digits.</param>
/// <param name="Code">Marks of code and formulas: braces, brackets, operators, back ticks.</param>
/// <param name="Conjunctions">Words that join clauses, such as and, because, if.</param>
public sealed record ComplexityCounts(int Tokens, int Reasoning, int Constraints, int Steps, int Numbers, int Code, int Conjunctions)
{
    private const string CodeMarks = "{}[]<>=;`^|\\_";
    private const int LongestWord = 24;

    /// <summary>Counts.</summary>
    /// <param name="text">The text.</param>
    public static ComplexityCounts Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (reasoning, constraints, steps, numbers, code, conjunctions, questions) = (0, 0, 0, 0, 0, 0, 0);
        Span<char> lower = stackalloc char[LongestWord];
        var startsLine = true;
        for (var i = 0; i < text.Length;)
        {
            var character = text[i];
            if (character is '\n' or '\r')
            {
                startsLine = true;
                i++;
            }
            else if (char.IsWhiteSpace(character))
            {
                i++;
            }
            else if (char.IsAsciiDigit(character))
            {
                var end = EndOf(text, i, other => char.IsAsciiDigit(other) || other is '.' or ',');
                numbers++;
                if (startsLine && (text[end - 1] == '.' || (end < text.Length && text[end] == ')'))) steps++;
                (startsLine, i) = (false, end);
            }
            else if (char.IsLetter(character))
            {
                var end = EndOf(text, i, other => char.IsLetter(other) || other is '-' or '\'' or '’');
                var word = text.AsSpan(i, end - i).TrimEnd("-'’");
                if (word.Length <= LongestWord && word.ToLowerInvariant(lower) is var length && length > 0)
                {
                    var known = lower[..length];
                    if (Has(ComplexityWords.Reasoning, known)) reasoning++;
                    if (Has(ComplexityWords.Constraints, known)) constraints++;
                    if (Has(ComplexityWords.Steps, known)) steps++;
                    if (Has(ComplexityWords.Conjunctions, known)) conjunctions++;
                }

                (startsLine, i) = (false, end);
            }
            else
            {
                if (startsLine && character is '-' or '*' or '•' && startsLine) steps++;
                else if (CodeMarks.Contains(character, StringComparison.Ordinal)) code++;
                else if (character is '?' or '？') questions++;
                (startsLine, i) = (false, i + 1);
            }
        }

        return new(TokenEstimate.Count(text), reasoning + Math.Max(0, questions - 1), constraints, steps, numbers, code, conjunctions);
    }

    private static bool Has(System.Collections.Frozen.FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static int EndOf(string text, int start, Func<char, bool> belongs)
    {
        var end = start + 1;
        while (end < text.Length && belongs(text[end])) end++;
        return end;
    }
}
