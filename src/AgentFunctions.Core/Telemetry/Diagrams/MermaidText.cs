using System.Globalization;
using System.Text;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>
/// Names of others within a Mermaid diagram. Mermaid has its syntax, directives (<c>%%{…}%%</c>), Markdown, KaTeX and HTML in labels; what
/// is no letter, digit, blank or one of <c>. , _ - ( )</c> is written as its number (<c>#34;</c>), which Mermaid shows as the character; a dollar is written full-width. Pure.
/// </summary>
internal static class MermaidText
{
    /// <summary>The longest label, in characters.</summary>
    public const int Longest = 60;

    /// <summary>A text for use between the quotes of a label; cut at <see cref="Longest"/>.</summary>
    public static string Of(string text)
    {
        var label = new StringBuilder();
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++count > Longest)
            {
                label.Append('…');
                break;
            }

            // Mermaid looks for $$…$$ after it has turned numbers into characters (seen with 11.17): a full-width sign is none to it.
            if (rune.Value == '$') label.Append('＄');
            else if (Rune.IsLetterOrDigit(rune) || rune.Value is '.' or ',' or '_' or '-' or '(' or ')') label.Append(rune.ToString());
            else if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format) label.Append(' ');
            else label.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return label.ToString();
    }
}
