using System.Text;
using System.Text.RegularExpressions;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Voting;

/// <summary>How the part that is voted on is found in an answer. Pure. Default: the whole answer.</summary>
public sealed record AnswerExtraction
{
    /// <summary>The longest vote, in characters: 200. A longer answer's form is cut, with its SHA-256 at the end.</summary>
    public const int LongestVote = 200;

    /// <summary>
    /// A regular expression (.NET, without look-around, back-references and atomic groups, so that it runs in linear time); 1 to 500 characters. Its last
    /// match counts: the group <c>answer</c>, or the first group, or all of it. An answer that does not match casts no vote. Default: none.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// What an answer may be, 2 to 50 labels of 1 to 100 characters. An answer counts for the one label that it is or, as a whole word or phrase, contains; one that contains
    /// none, or several, casts no vote. Default: any answer.
    /// </summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What an answer votes for, or null where it casts no vote.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="ArgumentException">The pattern is no such regular expression.</exception>
    public string? VoteOf(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var part = Pattern is null ? answer : Matched(Compile(Pattern), answer);
        if (part is null) return null;
        var form = AnswerForm.Of(part);
        return form.Length == 0 ? null : Labels is null ? Bounded(form) : LabelIn(form, Labels);
    }

    /// <summary>A long form is cut, and told from others by its SHA-256: forms cross history.</summary>
    private static string Bounded(string form) =>
        form.Length <= LongestVote ? form : $"{form.AsSpan(0, LongestVote - 72)}… {ContentRef.Of(Encoding.UTF8.GetBytes(form)).Sha256}";

    /// <summary>The pattern as a regular expression that can't run away.</summary>
    /// <exception cref="ArgumentException">It is none (NotSupportedException: it needs backtracking).</exception>
    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string? Matched(Regex pattern, string answer)
    {
        Match? last = null;
        foreach (Match match in pattern.Matches(answer)) last = match;
        if (last is null) return null;
        return last.Groups["answer"] is { Success: true } named ? named.Value : last.Groups.Count > 1 && last.Groups[1].Success ? last.Groups[1].Value : last.Value;
    }

    private static string? LabelIn(string form, IReadOnlyList<string> labels)
    {
        string? found = null;
        var longest = 0;
        foreach (var label in labels.Select(AnswerForm.Of).Distinct(StringComparer.Ordinal))
        {
            if (string.Equals(form, label, StringComparison.Ordinal)) return label;
            if (!ContainsWord(form, label)) continue;

            // "not spam" contains "spam": where one label holds the other, the longer one is meant.
            if (found is null || (label.Length > longest && ContainsWord(label, found))) (found, longest) = (label, label.Length);
            else if (!ContainsWord(found, label)) return null;
        }

        return found;
    }

    private static bool ContainsWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !IsPart(text[at - 1]) || !IsPart(word[0])) && (end == text.Length || !IsPart(text[end]) || !IsPart(word[^1]))) return true;
        }

        return false;

        static bool IsPart(char character) => char.IsLetterOrDigit(character) || character == '-';
    }
}
