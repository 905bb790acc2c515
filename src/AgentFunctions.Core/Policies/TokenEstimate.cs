namespace AgentFunctions.Core.Policies;

/// <summary>How many tokens a text is likely to be, without a tokenizer. Pure.</summary>
public static class TokenEstimate
{
    /// <summary>Estimates the tokens of a text.</summary>
    /// <remarks>
    /// The rule of thumb that OpenAI publishes for its byte-pair encodings: about four characters of English a token ("What are tokens and
    /// how to count them?"). Characters above Latin-1 are split finer, so they count for more: half a token for alphabetic scripts such as
    /// Cyrillic, Greek, Arabic and Devanagari, and a whole token for Han, kana and Hangul; either half of a surrogate pair, so an emoji, counts
    /// as one. It is a rule of thumb and was not fitted to a tokenizer: long English words make it too high, code, tables and numbers too low.
    /// It is for budgets and chunk sizes, not for bills: where a provider reports usage, use that.
    /// </remarks>
    /// <param name="text">The text.</param>
    /// <returns>0 for an empty text, otherwise at least 1. The estimate of a prefix is never above that of the whole.</returns>
    public static int Count(ReadOnlySpan<char> text)
    {
        long quarters = 0;
        foreach (var character in text) quarters += Quarters(character);
        return (int)Math.Min(int.MaxValue, (quarters + 3) / 4);
    }

    private static int Quarters(char character) => character switch
    {
        < '\u0100' => 1,
        >= '\u2000' and < '\u2070' => 1, // General punctuation: curly quotes and dashes are one token together with what they touch.
        >= '\u1100' and < '\u1200' => 4, // Hangul letters.
        >= '\u2e80' and < '\ua4d0' => 4, // Radicals, kana, Han, Yi.
        >= '\uac00' and < '\ue000' => 4, // Hangul syllables, surrogates.
        >= '\uf900' and < '\ufb00' => 4, // Han compatibility forms.
        >= '\uff00' => 4, // Full-width forms.
        _ => 2,
    };
}
