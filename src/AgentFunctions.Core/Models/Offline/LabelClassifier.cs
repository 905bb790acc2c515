using System.Text.RegularExpressions;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>Picks the label whose words, and the words of its description, have most weight in a text.</summary>
internal static partial class LabelClassifier
{
    /// <summary>The text holds a label's own name: that counts for more than a word of its description.</summary>
    private const double NameWeight = 2.5;

    /// <summary>Two words count as akin from this many common first letters on: "refund" and "refunding", "payment" and "payments".</summary>
    private const int CommonPrefix = 5;

    /// <summary>The label, as it was given; the first of equals.</summary>
    /// <param name="task">
    /// Lists the labels: one a line (<c>- bug: something is broken</c>), or after a colon, separated by commas, bars or "or"
    /// (<c>Answer with one of: bug, feature, question.</c>).
    /// </param>
    /// <param name="text">The text to classify.</param>
    /// <exception cref="PermanentFailureException">The task lists fewer than two labels.</exception>
    public static string Classify(string task, string text)
    {
        var labels = ReadLabels(task);
        if (labels.Count < 2) throw new PermanentFailureException("The task lists no labels to classify by. Write them one a line ('- bug: something is broken'), or after a colon ('one of: bug, feature, question').");
        var words = Words(text).CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var terms = labels.Select(label => Terms(label.Name, label.Description)).ToList();
        // A word that several labels share tells them apart less (inverse document frequency over the labels).
        var sharing = terms.SelectMany(label => label.Select(term => term.Word)).CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var scores = terms.Select(label => label.Sum(term => term.Weight * Math.Log(1 + ((double)labels.Count / sharing[term.Word])) * Math.Log(1 + Occurrences(words, term.Word)))).ToList();
        return labels[scores.IndexOf(scores.Max())].Name;
    }

    private static List<(string Word, double Weight)> Terms(string name, string description) =>
        [.. Words(name).Select(word => (Word: word, Weight: NameWeight)).Concat(Words(description).Select(word => (Word: word, Weight: 1.0))).DistinctBy(term => term.Word, StringComparer.Ordinal)];

    private static List<(string Name, string Description)> ReadLabels(string task)
    {
        var lines = LabelLine().Matches(task).Select(match => (match.Groups["name"].Value.Trim(), match.Groups["description"].Value.Trim())).ToList();
        if (lines.Count >= 2) return lines;
        // The last list after a colon or "one of": "Classify the message. Labels: bug, feature or question."
        foreach (Match match in InlineList().Matches(task).Reverse())
        {
            var names = Separator().Split(match.Groups["list"].Value).Select(name => name.Trim(' ', '"', '\'', '`', '.', '“', '”', '(', ')')).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            if (names.Count >= 2) return [.. names.Select(name => (name, ""))];
        }

        return [];
    }

    private static double Occurrences(Dictionary<string, int> words, string term)
    {
        if (words.TryGetValue(term, out var exact)) return exact;
        // Half as much for a kindred word; stems miss "payment" and "pay".
        return term.Length < CommonPrefix ? 0 : 0.5 * words.Where(word => word.Key.Length >= CommonPrefix && word.Key.AsSpan().CommonPrefixLength(term) >= CommonPrefix).Sum(word => word.Value);
    }

    private static List<string> Words(string text)
    {
        List<string> words = [];
        foreach (var match in Word().EnumerateMatches(text))
        {
            var word = text.AsSpan(match.Index, match.Length).ToString().ToLowerInvariant();
            if (!CommonWords.OfEnglish.Contains(word)) words.Add(LightStem.Of(word));
        }

        return words;
    }

    [GeneratedRegex(@"^[ \t]*[-*•][ \t]*[""'`]?(?<name>[^:\n""'`]{1,60}?)[""'`]?[ \t]*(?:[:–—][ \t]*(?<description>[^\n]*))?\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LabelLine();

    [GeneratedRegex(@"(?:\b(?:one of|either|as|into)\b[ \t]*:?|:)(?<list>[^:.\n]{3,1000})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InlineList();

    [GeneratedRegex(@",\s*(?:or\s+|and\s+)?|\s*\|\s*|\s+or\s+|;\s*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Separator();

    // Han characters stand alone: a label of two is found by either.
    [GeneratedRegex(@"[\p{IsCJKUnifiedIdeographs}]|[\p{L}\p{Nd}\p{M}-[\p{IsCJKUnifiedIdeographs}]]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Word();
}
