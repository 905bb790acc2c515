using AgentFunctions.Core.Policies.Semantics.Lexicon;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// Puts clauses into one order: the auxiliary of a question goes after its question word, so that "tell me why my card was declined" reads as "why was my card declined", and "France's capital"
/// as "the capital of France". Pure.
/// </summary>
internal static class Clauses
{
    private const int Reach = 8;

    public static List<Word> Ordered(List<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            words[i] = Plain(words[i]);
            if (words[i].Text == "'s" && !words[i].Fixed) i = Possessive(words, i);
        }

        for (var i = 1; i + 1 < words.Count; i++) Passive(words, i);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Fixed) continue;
            if (words[i].Text == "?if") Ask(words, i);
            else if (words[i].Starts && Grammar.Questions.Contains(words[i].Text)) Front(words, i);
        }

        return words;
    }

    /// <summary>One word for the forms of "be" and "have".</summary>
    private static Word Plain(Word word) => word.Fixed ? word : word.Text switch
    {
        "is" or "am" or "are" => word with { Text = "be", Lemma = "be" },
        "were" => word with { Text = "was", Lemma = "was" },
        "has" => word with { Text = "have", Lemma = "have" },
        _ => word,
    };

    private static int Possessive(List<Word> words, int at)
    {
        var next = at + 1 < words.Count && !words[at + 1].Starts ? words[at + 1] : default;
        if (next.Form is WordForm.Past or WordForm.Gerund || next.Text == "not")
        {
            words[at] = Word.Plain("be", starts: false);
            return at;
        }

        // "what is France's capital" is "what is the capital of France".
        var start = at;
        while (!words[start].Starts) start--;
        var end = at + 1;
        while (end < words.Count && !words[end].Starts) end++;
        var owner = start + 2;
        if (owner < words.Count && Grammar.Articles.Contains(words[owner].Text)) owner++;
        words.RemoveAt(at);
        if (!Grammar.Questions.Contains(words[start].Text) || start + 1 >= words.Count || words[start + 1].Text is not ("be" or "is" or "are" or "was" or "were") || owner >= at || end - at - 1 is < 1 or > 3 || at - owner > 3) return at - 1;
        var whose = words.GetRange(owner, at - owner);
        words.RemoveRange(owner, at - owner);
        words.InsertRange(end - 1 - whose.Count, [Word.Plain("of", starts: false), .. whose]);
        return at - 1;
    }

    /// <summary>"has been charged" and "did get charged" are "was charged".</summary>
    private static void Passive(List<Word> words, int at)
    {
        var word = words[at];
        if (word.Fixed || word.Starts || words[at + 1].Form != WordForm.Past || words[at + 1].Fixed || words[at + 1].Starts) return;
        var helping = word.Text switch
        {
            "been" => "have",
            "get" => "did",
            _ => null,
        };
        if (helping is null) return;
        for (var i = at - 1; i >= 0 && i >= at - 5; i--)
        {
            if (!words[i].Fixed && words[i].Text == helping)
            {
                words[i] = words[i] with { Text = "was", Lemma = "was", Form = WordForm.Base };
                words.RemoveAt(at);
                return;
            }

            if (words[i].Starts || Grammar.Auxiliaries.Contains(words[i].Text)) return;
        }
    }

    /// <summary>"if my card is active" asks "is my card active".</summary>
    private static void Ask(List<Word> words, int at)
    {
        words[at] = words[at] with { Text = "?yn", Lemma = "?yn" };
        var auxiliary = Auxiliary(words, at + 1, at + 1);
        if (auxiliary >= 0 && auxiliary < words.Count) Move(words, auxiliary, at + 1);
        else words.Insert(at + 1, Word.Plain("do", starts: false));
    }

    private static void Front(List<Word> words, int at)
    {
        var auxiliary = Auxiliary(words, at + 1, at + 2);
        if (auxiliary > at + 1 && words[auxiliary].Text is not ("do" or "does")) Move(words, auxiliary, at + 1);
    }

    /// <summary>The first auxiliary of the clause. "Have" counts where a past form follows: else it is to own.</summary>
    private static int Auxiliary(List<Word> words, int from, int sure)
    {
        for (var i = from; i < Math.Min(words.Count, from + Reach) && (i == from || !words[i].Starts); i++)
        {
            var word = words[i];
            if (word.Fixed) continue;
            if (word.Text is "do" or "does") return IsHelping(words, i) ? i : -1;
            if (word.Text is "have" or "had")
            {
                if (i < sure || (i + 1 < words.Count && (words[i + 1].Form == WordForm.Past || words[i + 1].Text is "been" or "not"))) return i;
                return -1;
            }

            if (Grammar.Auxiliaries.Contains(word.Text)) return i;
        }

        return -1;
    }

    /// <summary>Whether this "do" only helps another verb: the first auxiliary of a question, or before "not".</summary>
    public static bool IsHelping(List<Word> words, int at)
    {
        if (at + 1 >= words.Count || words[at + 1].Starts) return false;
        if (words[at + 1].Text == "not") return true;
        if (words[at].Starts || at == 0) return Grammar.Subjects.Contains(words[at + 1].Text);
        for (var i = at - 1; i >= 0; i--)
        {
            if (Grammar.Auxiliaries.Contains(words[i].Text) || words[i].Text is "to" or "does" or "is" or "are" or "am" or "were" or "has") return words[i].Text == "?yn";
            if (words[i].Starts || i == 0) return Grammar.Questions.Contains(words[i].Text) && !words[i].Fixed;
        }

        return false;
    }

    private static void Move(List<Word> words, int from, int to)
    {
        var word = words[from] with { Starts = false };
        words.RemoveAt(from);
        if (to < words.Count) words[to] = words[to] with { Starts = false };
        words.Insert(to, word);
    }
}
