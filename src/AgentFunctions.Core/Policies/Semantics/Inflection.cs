using AgentFunctions.Core.Policies.Semantics.Lexicon;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>The dictionary form of words, for those that are known; others keep theirs, but for a plural's -s. Pure.</summary>
internal static class Inflection
{
    public static List<Word> Of(List<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].Fixed) words[i] = Of(words[i]);
        }

        return words;
    }

    public static bool IsKnown(Word word) => Grammar.All.Contains(word.Text) || Verbs.Of(word.Lemma) is not null || Nouns.IsKnown(word.Lemma) || Synonyms.IsKnown(word.Lemma);

    private static Word Of(Word word)
    {
        if (Grammar.All.Contains(word.Text)) return word;
        if (Verbs.Of(word.Text) is var (verb, form)) return word with { Lemma = verb, Form = form };
        if (Nouns.IsKnown(word.Text)) return word;
        return Nouns.SingularOf(word.Text) is { } singular ? word with { Lemma = singular, Form = WordForm.Plural } : word;
    }
}
