using System.Globalization;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Texts of others, made fit for a status of bounded size.</summary>
internal static class Bounded
{
    /// <summary>The text's first characters. Those that JSON would write as six (controls, surrogates and what Unicode has not assigned) become blanks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters, the ellipsis included.</param>
    public static string Text(string text, int most)
    {
        var kept = text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
        return string.Create(kept.Length, kept, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = IsLongInJson(from[i]) ? ' ' : from[i];
        });
    }

    /// <summary>The first texts of a list, each shortened.</summary>
    public static IReadOnlyList<string> Texts(IReadOnlyList<string> texts, int count, int most) => [.. texts.Take(count).Select(text => Text(text, most))];

    private static bool IsLongInJson(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
