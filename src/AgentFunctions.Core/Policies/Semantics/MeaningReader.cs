using AgentFunctions.Core.Policies.Semantics.Lexicon;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// Reads what a question means. What is not known to be without meaning counts: only articles, politeness, the frames that questions are put in and the inflection of known words go, and
/// only listed synonyms are taken for each other. So negation, numbers, names, direction, comparison, modality and all words that are in no list stay, where they stand. Pure.
/// </summary>
internal static class MeaningReader
{
    /// <summary>The longest question, in characters, that is compared with others: 1,000.</summary>
    public const int LongestQuestion = 1000;

    /// <summary>The most words: 64.</summary>
    public const int MostWords = 64;

    /// <summary>Reads it, or gives null where it is blank or too long.</summary>
    public static Meaning? Read(string question)
    {
        if (question.Length > LongestQuestion) return null;
        var words = Words.Of(PlainText.Of(question));
        if (words.Count == 0) return null;
        var exact = string.Join(' ', words.Select(word => word.Text));
        if (words.Count is 1 or > MostWords) return new Meaning(exact, []);
        var spelled = Inflection.Of(Spelled(words));
        if (!IsEnglish(spelled)) return new Meaning(exact, []);
        var read = Clauses.Ordered(Quantities.Apply(Phrases.Frames.Apply(Phrases.Idioms.Apply(spelled))));
        var terms = TermReader.Of(read);
        return new Meaning(exact, terms.Count(term => term.Kind != TermKind.Soft) >= 2 ? terms : []);
    }

    private static List<Word> Spelled(List<Word> words)
    {
        var output = new List<Word>(words.Count + 4);
        foreach (var word in words)
        {
            if (!word.Fixed && Spelling.Of(word.Text) is { } parts)
            {
                for (var i = 0; i < parts.Length; i++) output.Add(Word.Plain(parts[i], word.Starts && i == 0));
            }
            else
            {
                output.Add(word);
            }
        }

        return output;
    }

    /// <summary>Whether two fifths of the words, and two, are known ones: else the rules of English would do harm.</summary>
    private static bool IsEnglish(List<Word> words)
    {
        var known = words.Count(word => Quantities.IsQuantity(word.Text) || word.Text == "'s" || (!word.Fixed && Inflection.IsKnown(word)));
        return known >= 2 && known * 5 >= words.Count * 2;
    }
}
