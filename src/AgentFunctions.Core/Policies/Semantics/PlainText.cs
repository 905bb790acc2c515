using System.Globalization;
using System.Text;
using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// One way to write each character, after Unicode's NFKC as far as it matters for questions: full-width forms, ligatures, letters with a mark of their own, typographic
/// quotes and dashes, fractions; what can't be seen goes. Case stays, because "US" is not "us". Superscripts stay powers: 10² is not 102. Pure.
/// </summary>
internal static class PlainText
{
    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (character < 128) plain.Append(character is '\t' or '\n' or '\r' or '\v' or '\f' ? ' ' : character);
            else if (Special(character) is { } special) plain.Append(special);
            else if (plain.Length > 0 && Composition.IsMark(character) && Composition.Of(plain[^1], character) is { } both) plain[^1] = both;
            else if (char.IsWhiteSpace(character)) plain.Append(' ');
            else if (char.GetUnicodeCategory(character) is not (UnicodeCategory.Format or UnicodeCategory.Control) && character != '\ufe0f') plain.Append(character);
        }

        return plain.ToString();
    }

    /// <summary>Small letters, by way of capital ones so that final forms fold too.</summary>
    public static string Lower(string text)
    {
        foreach (var character in text)
        {
            if (character is < 'a' or > 'z') return string.Create(text.Length, text, static (to, from) => { for (var i = 0; i < to.Length; i++) to[i] = char.ToLowerInvariant(char.ToUpperInvariant(from[i])); });
        }

        return text;
    }

    private static string? Special(char character) => character switch
    {
        '‘' or '’' or 'ʼ' or '′' or '＇' or '´' => "'",
        '“' or '”' or '„' or '«' or '»' or '″' or '＂' => "\"",
        '‐' or '‑' or '−' or '－' => "-",
        '–' => "-",
        '—' or '―' => " - ",
        '…' => "... ",
        '½' => " 1/2",
        '¼' => " 1/4",
        '¾' => " 3/4",
        '¹' => "^1",
        '²' => "^2",
        '³' => "^3",
        '。' or '．' => ". ",
        '、' or '，' => ", ",
        '？' => "? ",
        '！' => "! ",
        >= '\uff01' and <= '\uff5e' => ((char)(character - 0xfee0)).ToString(),
        >= '\ufb00' and <= '\ufb06' => Ligatures[character - '\ufb00'],
        _ => null,
    };
}
