using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>Reads hits out of a JSON answer. Pure.</summary>
internal static class MappedHits
{
    private const int ShownCharacters = 120;

    /// <summary>The hits, at most <paramref name="top"/>, each ID once.</summary>
    /// <exception cref="PermanentFailureException">The answer has no array where it should be, or a hit has no ID.</exception>
    public static IReadOnlyList<SearchHit> Read(JsonElement answer, ResultMapping mapping, int top, string source)
    {
        var (items, id, title, snippet, score) = (Path(mapping.Items), Path(mapping.Id), Path(mapping.Title), Path(mapping.Snippet), Path(mapping.Score));
        var list = items.Find(answer) is { } found ? ResultPath.Unwrapped(found) : null;
        if (list is not { ValueKind: JsonValueKind.Array } array) throw new PermanentFailureException($"{source} answered {Shown(answer)}, which has no array at {items}. Set 'items' to the path of the hits.");
        var hits = new List<SearchHit>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in array.EnumerateArray())
        {
            if (hits.Count == top) break;
            if (id.Find(item) is not { ValueKind: JsonValueKind.String or JsonValueKind.Number } key || key.ToString().Length == 0) throw new PermanentFailureException($"{source} answered the hit {Shown(item)}, which has no text or number at {id}. Set 'id' to the path of the ID.");
            if (!seen.Add(key.ToString())) continue;
            hits.Add(new SearchHit
            {
                Id = key.ToString(),
                Title = Text(title.Find(item)),
                Snippet = Text(snippet.Find(item)),
                Score = score.Find(item) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null,
            });
        }

        return hits;
    }

    private static ResultPath Path(string text) => ResultPath.TryParse(text, out var path) ? path : throw new PermanentFailureException($"'{text}' is no path into an answer. Write property names with dots and places in brackets, such as content[0].text.");

    private static string? Text(JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    private static string Shown(JsonElement value) => value.GetRawText().Shortened(ShownCharacters);
}
