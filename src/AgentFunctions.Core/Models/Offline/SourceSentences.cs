using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>A sentence and where it stood.</summary>
/// <param name="Part">Which part of the prompt, from 0.</param>
/// <param name="Place">Which sentence of the part, from 0.</param>
/// <param name="OpensParagraph">Whether it is the first of its paragraph.</param>
/// <param name="IsPiece">Whether it was cut out of an overlong sentence.</param>
/// <param name="Text">The sentence.</param>
internal sealed record SourceSentence(int Part, int Place, bool OpensParagraph, bool IsPiece, string Text);

/// <summary>The sentences of the parts of a prompt, in order, each text once.</summary>
internal static partial class SourceSentences
{
    public static List<SourceSentence> From(IReadOnlyList<string> parts)
    {
        List<SourceSentence> sentences = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        for (var part = 0; part < parts.Count; part++)
        {
            var place = 0;
            foreach (var paragraph in RunningText.Paragraphs(parts[part]))
            {
                var opens = true;
                foreach (var (whole, isPiece) in SentenceSplitter.Split(paragraph))
                {
                    var text = InlineHeading().Replace(whole, "");
                    if (seen.Add(text)) sentences.Add(new(part, place++, opens, isPiece, text));
                    opens = false;
                }
            }
        }

        return sentences;
    }

    // "WORKS OF PEACE My last call": a heading that lost its line. Capitals are heading only before an ordinary capitalised word.
    [GeneratedRegex(@"^(?:[A-Z][A-Z'’,:&-]+ ){2,12}(?=[A-Z][a-z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InlineHeading();
}
