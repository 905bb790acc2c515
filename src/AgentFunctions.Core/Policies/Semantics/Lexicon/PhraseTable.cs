namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>
/// Rewrites runs of words. A line is <c>pattern => replacement</c>; in a pattern <c>a|b</c> is a choice, <c>x?</c> may be absent, <c>%x</c> is any form of a word, <c>*</c> is one to eight words of one clause,
/// <c>=x</c> must follow and stays, <c>^</c> is the start of a clause, <c>+</c> that of one that is not the first, and <c>$</c> the end. In a replacement <c>*</c> stands for what a star took, in their order, and <c>%x</c> takes
/// the form of the word matched. The first line that fits a place goes.
/// </summary>
internal sealed class PhraseTable
{
    private const int LongestGap = 8;

    private readonly Dictionary<string, List<Phrase>> byFirst = new(StringComparer.Ordinal);

    public PhraseTable(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var phrase = Phrase.Parse(line);
            foreach (var first in phrase.Parts.Take(1 + phrase.Parts.TakeWhile(part => part.IsOptional).Count()).SelectMany(part => part.Choices).Distinct(StringComparer.Ordinal))
            {
                if (!byFirst.TryGetValue(first, out var list)) byFirst.Add(first, list = []);
                list.Add(phrase);
            }
        }
    }

    public List<Word> Apply(List<Word> words)
    {
        var output = new List<Word>(words.Count);
        var carry = false;
        for (var i = 0; i < words.Count;)
        {
            var word = words[i];
            var starts = word.Starts || carry || output.Count == 0;
            var match = word.Fixed ? null : Find(word.Text, words, i, starts, output.Count > 0) ?? (word.Lemma.Length > 0 ? Find("%" + word.Lemma, words, i, starts, output.Count > 0) : null);
            if (match is not { } found)
            {
                output.Add(word with { Starts = starts });
                carry = false;
                i++;
                continue;
            }

            var before = output.Count;
            Replace(found, words, output, starts);
            carry = output.Count == before && starts;
            i = found.End;
        }

        return output;
    }

    private Match? Find(string first, List<Word> words, int at, bool starts, bool more)
    {
        if (!byFirst.TryGetValue(first, out var phrases)) return null;
        foreach (var phrase in phrases)
        {
            if ((phrase.AtStart && !starts) || (phrase.NotFirst && !more)) continue;
            var match = new Match(phrase, at);
            if (Fits(match, 0, words, at)) return match;
        }

        return null;
    }

    private static bool Fits(Match match, int part, List<Word> words, int at)
    {
        var parts = match.Phrase.Parts;
        if (part == parts.Length)
        {
            if (match.Phrase.AtEnd && at < words.Count && !words[at].Starts) return false;
            match.End = at;
            return true;
        }

        var wanted = parts[part];
        if (wanted.IsGap)
        {
            for (var length = 1; length <= LongestGap && at + length <= words.Count && (length == 1 || !words[at + length - 1].Starts); length++)
            {
                match.Gaps.Add((at, length));
                if (Fits(match, part + 1, words, at + length)) return true;
                match.Gaps.RemoveAt(match.Gaps.Count - 1);
            }

            return false;
        }

        if (at < words.Count && !words[at].Fixed && (at == match.Start || !words[at].Starts || wanted.AcrossClauses) && wanted.Accepts(words[at]))
        {
            if (wanted.IsAhead)
            {
                match.End = at;
                return true;
            }

            var form = match.Form;
            if (wanted.TakesForm && form is null) match.Form = words[at].Form;
            if (Fits(match, part + 1, words, at + 1)) return true;
            match.Form = form;
        }

        return wanted.IsOptional && Fits(match, part + 1, words, at);
    }

    private static void Replace(Match match, List<Word> words, List<Word> output, bool starts)
    {
        var gap = 0;
        foreach (var part in match.Phrase.Replacement)
        {
            if (part == "*")
            {
                var (from, length) = match.Gaps[gap++];
                output.AddRange(words.Skip(from).Take(length).Select(word => word with { Starts = false }));
            }
            else
            {
                output.Add(part[0] == '%' ? new Word(part[1..], part[1..], match.Form ?? WordForm.Base, starts, Fixed: false) : Word.Plain(part, starts));
            }

            starts = false;
        }
    }

    private sealed class Match(Phrase phrase, int start)
    {
        public Phrase Phrase => phrase;

        public int Start => start;

        public List<(int From, int Length)> Gaps { get; } = [];

        public WordForm? Form { get; set; }

        public int End { get; set; }
    }
}
