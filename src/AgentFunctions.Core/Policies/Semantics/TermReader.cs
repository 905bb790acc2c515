using AgentFunctions.Core.Policies.Semantics.Lexicon;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>Makes terms of words: what goes, what is soft, what is kept. Pure.</summary>
internal static class TermReader
{
    public static List<Term> Of(List<Word> words)
    {
        var terms = new List<Term>(words.Count + 2);
        var clause = new Clause();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.Starts || i == 0) clause = Opening(words, i, terms);
            if (word.Fixed)
            {
                terms.Add(new Term(word.Text, word.Text, TermKind.Kept));
                continue;
            }

            var skip = Small(words, i, clause, terms);
            if (skip >= 0)
            {
                i += skip;
                continue;
            }

            terms.Add(Whole(word, clause));
        }

        return terms;
    }

    /// <summary>How a clause begins: with a question word, as a yes-or-no question, or as a statement.</summary>
    private static Clause Opening(List<Word> words, int at, List<Term> terms)
    {
        var word = words[at];
        if (word.Fixed) return new Clause();
        if (Grammar.Questions.Contains(word.Text)) return new Clause { Asks = true, AsksForThing = word.Text is not ("how" or "when" or "where" or "why") };
        if (word.Text is "?yn" or "?how") return new Clause { Asks = true };
        var next = at + 1 < words.Count && !words[at + 1].Starts ? words[at + 1].Text : "";
        var asks = word.Text switch
        {
            "do" or "does" => Grammar.Subjects.Contains(next) && (next != "not" || (at + 2 < words.Count && Grammar.Subjects.Contains(words[at + 2].Text))),
            "have" or "had" => Grammar.Subjects.Contains(next) && next is not ("a" or "an" or "the"),
            _ => Grammar.Auxiliaries.Contains(word.Text),
        };
        if (asks) terms.Add(new Term("?yn", "?yn", TermKind.Kept));
        return new Clause { Asks = asks };
    }

    /// <summary>Deals with a small word; gives how many words after it are dealt with too, or -1 where it is a word like others.</summary>
    private static int Small(List<Word> words, int i, Clause clause, List<Term> terms)
    {
        var word = words[i];
        var next = i + 1 < words.Count && !words[i + 1].Starts ? words[i + 1] : default;
        switch (word.Text)
        {
            case "a" or "an" or "the" when next.Text is not null:
                return 0;
            case "be" or "was" or "been" or "being":
                clause.HasBe = true;
                terms.Add(Kept(word.Text, soft: word.Text == "be" && !clause.Asks && next.Text is not null && (next.Form is WordForm.Past or WordForm.Gerund || next.Text is "not" or "still")));
                return 0;
            case "do" or "does" when Clauses.IsHelping(words, i):
                if (terms is [.., { Class: "?yn" }]) terms.Add(Kept("do"));
                return 0;
            case "do" or "does":
                terms.Add(Kept("do"));
                return 0;
            case "did" or "have" when next.Text == "not" && i + 2 < words.Count && NotDone(words, i + 2, word.Text == "did"):
                terms.Add(Kept("pnot"));
                words[i + 2] = words[i + 2] with { Form = WordForm.Past };
                return 1;
            case "have" when i > 0 && words[i - 1].Text == "i" && words[i - 1].Starts && next.Form == WordForm.Past && !Grammar.All.Contains(next.Text):
                // "I have lost it" is "I lost it".
                return 0;
            case "?do":
                // Who asks for help to do something is told how to.
                terms.Add(new Term("?how", "?do", TermKind.Kept));
                return 0;
            case "i":
                First(words, i, clause, terms);
                return 0;
            case "my":
                terms.Add(Kept("my", soft: !(clause.AsksForThing && clause.HasBe)));
                return 0;
            case "just" when i == 0 || word.Starts || words[i - 1].Text is "i" or "have" or "had" or "was" or "be" or "can":
                terms.Add(Kept("just", soft: true));
                return 0;
            case "just":
                terms.Add(new Term("only", "just", TermKind.Kept));
                return 0;
            case "which" when next.Form == WordForm.Plural:
                terms.Add(new Term("what", "which", TermKind.Kept));
                return 0;
            default:
                return -1;
        }
    }

    /// <summary>"I" goes where nobody else can be meant: after an auxiliary or a question word that does not ask for a person or a thing, and before what has been done.</summary>
    private static void First(List<Word> words, int i, Clause clause, List<Term> terms)
    {
        var before = i > 0 && !words[i].Starts ? words[i - 1].Text : "";
        var after = i + 1;
        while (after < words.Count && Grammar.Soft.Contains(words[after].Text)) after++;
        var next = after < words.Count && !words[after].Starts ? words[after] : default;
        if (clause.AsksForThing) terms.Add(Kept("i"));
        else if (before.Length == 0 && (next.Form == WordForm.Past || next.Text is "not" or "just" or "never" || (next.Text is not null && Grammar.Auxiliaries.Contains(next.Text)))) return;
        else if (before.Length == 0) terms.Add(Kept("!i"));
        else if (before == "not" && i > 1 && Grammar.Auxiliaries.Contains(words[i - 2].Text)) return;
        else if (before is not ("how" or "when" or "where" or "why" or "if" or "because" or "?yn" or "?how" or "?do" or "whether" or "do" or "does" or "and" or "but") && !Grammar.Auxiliaries.Contains(before)) terms.Add(Kept("i"));
    }

    /// <summary>"did not arrive" and "has not arrived" say the same.</summary>
    private static bool NotDone(List<Word> words, int at, bool did)
    {
        var word = words[at];
        return !word.Fixed && !word.Starts && !Grammar.All.Contains(word.Text) && (did ? Verbs.Of(word.Lemma) is not null && word.Form == WordForm.Base : word.Form == WordForm.Past);
    }

    private static Term Whole(Word word, Clause clause)
    {
        if (Grammar.Soft.Contains(word.Text)) return new Term(word.Text, word.Text, TermKind.Soft);
        if (Grammar.All.Contains(word.Text)) return Kept(word.Text);
        var form = word.Form switch
        {
            WordForm.Past => clause.HasBe ? "+n" : "+d",
            WordForm.Gerund when clause.HasBe => "+g",
            _ => "",
        };
        clause.HasBe |= word.Lemma == "get";
        return new Term(Synonyms.ClassOf(word.Lemma) + form, word.Text, Inflection.IsKnown(word) ? TermKind.Content : TermKind.Kept);
    }

    private static Term Kept(string word, bool soft = false) => new(word, word, soft ? TermKind.Soft : TermKind.Kept);

    private sealed class Clause
    {
        public bool Asks { get; init; }

        public bool AsksForThing { get; init; }

        public bool HasBe { get; set; }
    }
}
