using System.Text;

namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>Breaks text into lines between words.</summary>
internal static class WrappedText
{
    /// <summary>The text with no line longer than <paramref name="width"/> but where one word is. Line breaks of the text stay.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The longest line, in characters.</param>
    public static string Wrap(string text, int width)
    {
        var wrapped = new StringBuilder(text.Length + (text.Length / Math.Max(1, width)));
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            WrapLine(line, width, wrapped);
            wrapped.Append(Environment.NewLine);
        }

        return wrapped.ToString(0, wrapped.Length - Environment.NewLine.Length);
    }

    private static void WrapLine(string line, int width, StringBuilder wrapped)
    {
        // The spaces that a line starts with are its meaning (lists, code), so they stay.
        var indent = line.Length - line.TrimStart(' ').Length;
        wrapped.Append(' ', indent);
        var column = indent;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > width)
            {
                wrapped.Append(Environment.NewLine).Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }
    }
}
