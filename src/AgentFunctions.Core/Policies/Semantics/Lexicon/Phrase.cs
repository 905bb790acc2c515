namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>A line of a <see cref="PhraseTable"/>.</summary>
internal sealed record Phrase(PhrasePart[] Parts, string[] Replacement, bool AtStart, bool NotFirst, bool AtEnd)
{
    public static Phrase Parse(string line)
    {
        var arrow = line.IndexOf("=>", StringComparison.Ordinal);
        var words = line[..arrow].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        bool start = words.Remove("^"), more = words.Remove("+"), end = words.Remove("$");
        return new Phrase([.. words.Select(PhrasePart.Parse)], line[(arrow + 2)..].Split(' ', StringSplitOptions.RemoveEmptyEntries), start || more, more, end);
    }
}

/// <summary>A word, or a choice of words, in a <see cref="Phrase"/>.</summary>
internal sealed record PhrasePart(string[] Choices, bool IsOptional, bool IsGap, bool IsAhead, bool TakesForm, bool AcrossClauses)
{
    public static PhrasePart Parse(string text)
    {
        if (text == "*") return new PhrasePart([], false, IsGap: true, false, false, false);
        var optional = text.Length > 1 && text[^1] == '?';
        if (optional) text = text[..^1];
        var ahead = text.Length > 1 && text[0] == '=';
        if (ahead) text = text[1..];
        var choices = text switch
        {
            "@wh" => ["how", "what", "when", "where", "why", "who", "which", "whose", "?how"],
            "@det" => ["the", "my", "your", "our", "a", "an"],
            _ => text.Split('|'),
        };
        return new PhrasePart(choices, optional, false, ahead, choices[0][0] == '%', AcrossClauses: ahead);
    }

    public bool Accepts(Word word)
    {
        foreach (var choice in Choices)
        {
            if (choice[0] == '%' ? choice.AsSpan(1).SequenceEqual(word.Lemma) : choice == word.Text) return true;
        }

        return false;
    }
}
