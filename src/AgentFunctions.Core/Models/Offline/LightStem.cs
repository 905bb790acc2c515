namespace AgentFunctions.Core.Models.Offline;

/// <summary>A light stemmer for English, after Harman's S-stemmer (1991), with -ed, -ing, -ly and a final -e. Words of other alphabets pass unchanged.</summary>
internal static class LightStem
{
    public static string Of(string word)
    {
        if (word.Length < 4 || !System.Text.Ascii.IsValid(word)) return word;
        var stem = Plural(word);
        if (stem.Length > 6 && stem.EndsWith("ing", StringComparison.Ordinal)) stem = Undouble(stem[..^3]);
        else if (stem.Length > 5 && stem.EndsWith("ied", StringComparison.Ordinal)) stem = string.Concat(stem.AsSpan(0, stem.Length - 3), "y");
        else if (stem.Length > 5 && stem.EndsWith("ed", StringComparison.Ordinal) && stem[^3] != 'e') stem = Undouble(stem[..^2]);
        else if (stem.Length > 5 && stem.EndsWith("ly", StringComparison.Ordinal)) stem = stem[..^2];
        return stem.Length > 4 && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Plural(string word)
    {
        if (word[^1] != 's' || word[^2] is 's' or 'u' or 'i') return word;
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return string.Concat(word.AsSpan(0, word.Length - 3), "y");
        return word.Length > 4 && (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal))
            ? word[..^2]
            : word[..^1];
    }

    private static string Undouble(string stem) => stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;
}
