using System.Text;

namespace AgentFunctions.Core.Policies.Templating;

/// <summary>
/// A text with placeholders: <c>{{path}}</c> stands for the value at that path. Braces around anything that is no path stand for
/// themselves. Nothing is evaluated, and what is put in is not looked at again. Pure.
/// </summary>
internal static class TextTemplate
{
    /// <summary>The text in pieces, in order.</summary>
    public static IEnumerable<TextPiece> Pieces(string text)
    {
        var from = 0;
        for (var at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var end = text.IndexOf("}}", at + 2, StringComparison.Ordinal);
            if (end < 0) break;
            var path = text.AsSpan(at + 2, end - at - 2).Trim();
            if (!ValuePath.IsPath(path))
            {
                at++;
                continue;
            }

            var placeholder = path.ToString();
            if (at > from) yield return new(text[from..at], IsPath: false);
            yield return new(placeholder, IsPath: true);
            from = at = end + 2;
        }

        if (from < text.Length) yield return new(text[from..], IsPath: false);
    }

    /// <summary>The paths it asks for.</summary>
    public static IEnumerable<TemplateUse> Uses(string text) => Pieces(text).Where(piece => piece.IsPath).Select(piece => new TemplateUse(piece.Text, HasDefault: false));

    /// <summary>The text with its values.</summary>
    /// <param name="text">The template.</param>
    /// <param name="value">Gives the text for a path, and throws where there is none.</param>
    public static string Render(string text, Func<string, string> value)
    {
        if (!text.Contains("{{", StringComparison.Ordinal)) return text;
        var rendered = new StringBuilder();
        foreach (var piece in Pieces(text)) rendered.Append(piece.IsPath ? value(piece.Text) : piece.Text);
        return rendered.ToString();
    }
}

/// <summary>A piece of a text template: words, or the path of a placeholder.</summary>
internal readonly record struct TextPiece(string Text, bool IsPath);
