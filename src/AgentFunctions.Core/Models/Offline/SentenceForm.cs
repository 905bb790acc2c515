namespace AgentFunctions.Core.Models.Offline;

/// <summary>How well a sentence stands alone, by its form: a factor from 0 to 1.</summary>
internal static class SentenceForm
{
    // They point at a sentence that the extract may not have.
    private static readonly HashSet<string> Pointers = new(StringComparer.OrdinalIgnoreCase)
    {
        "he", "she", "it", "they", "this", "these", "those", "that", "such", "his", "her", "its", "their", "him", "them", "here", "there", "both", "neither",
    };

    private static readonly HashSet<string> Connectors = new(StringComparer.OrdinalIgnoreCase)
    {
        "but", "and", "or", "nor", "yet", "so", "then", "however", "therefore", "thus", "hence", "moreover", "furthermore", "also", "accordingly",
        "consequently", "besides", "nevertheless", "still", "again", "otherwise", "finally", "secondly", "thirdly", "similarly", "likewise", "meanwhile", "instead",
    };

    // They say that something is said elsewhere, or are courtesies.
    private static readonly System.Buffers.SearchValues<string> Formulas = System.Buffers.SearchValues.Create(
        [
            "herewith", "your attention", "ask attention", "attention is", "lay before you", "laid before you", "before congress", "to congress the report", "respectfully refer",
            "i refer you", "you are referred", "accompanying", "annexed", "appended", "transmitted", "will exhibit", "report of the", "reports of the", "as follows", "see also", "see the",
            "the following", "table of contents", "all rights reserved", "copyright", "fellow-citizens", "fellow citizens", "mr. speaker", "ladies and gentlemen", "members of the congress", "click here", "read more", "subscribe",
        ],
        StringComparison.OrdinalIgnoreCase);

    private static readonly System.Buffers.SearchValues<string> Links = System.Buffers.SearchValues.Create([", moreover,", ", therefore,", ", however,", ", too,", ", then,", " latter ", " former ", " aforesaid"], StringComparison.OrdinalIgnoreCase);

    public static float Factor(SourceSentence sentence)
    {
        var text = sentence.Text;
        var factor = Length(TextTerms.CountWords(text)) * Opening(text);
        if (text.AsSpan().ContainsAny(Formulas)) factor *= 0.5f;
        // A "moreover" within needs what went before as much as one in front.
        if (text.AsSpan().ContainsAny(Links)) factor *= 0.8f;
        if (sentence.IsPiece) factor *= 0.6f;
        if (text.EndsWith(':')) factor *= 0.2f;
        else if (text.EndsWith('?') || text.EndsWith('？')) factor *= 0.5f;
        else if (!SentenceSplitter.IsTerminator(text.AsSpan().TrimEnd(SentenceSplitter.Closers) is { IsEmpty: false } body ? body[^1..] : text)) factor *= 0.6f;
        if (IsUnbalanced(text)) factor *= 0.6f;
        if (text.Contains("://", StringComparison.Ordinal)) factor *= 0.5f;
        return factor;
    }

    private static float Length(int words) => words switch
    {
        < 5 => 0.15f,
        < 7 => 0.5f,
        < 10 => 0.8f,
        <= 35 => 1f,
        <= 50 => 0.85f,
        <= 75 => 0.6f,
        _ => 0.4f,
    };

    private static float Opening(string text)
    {
        var end = 0;
        while (end < text.Length && char.IsLetter(text[end])) end++;
        var word = text.AsSpan(0, end);
        return Pointers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? 0.65f
            : Connectors.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? 0.75f
            : word.Length > 0 && char.IsLower(word[0]) ? 0.6f
            : 1f;
    }

    private static bool IsUnbalanced(string text)
    {
        var span = text.AsSpan();
        return span.Count('"') % 2 != 0 || span.Count('“') != span.Count('”') || span.Count('(') != span.Count(')');
    }
}
