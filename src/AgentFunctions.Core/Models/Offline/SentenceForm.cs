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

    public static float Factor(SourceSentence sentence)
    {
        var text = sentence.Text;
        var factor = Length(TextTerms.CountWords(text)) * Opening(text);
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
        < 8 => 0.6f,
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
