using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Search;

/// <summary>Shows documents as hits, each with the part of its text that has a word of the query. Pure.</summary>
internal static class DocumentHits
{
    private const int SearchedCharacters = 20_000;

    /// <summary>The hits.</summary>
    public static IReadOnlyList<SearchHit> Of(IReadOnlyList<(SearchDocument Document, double Score)> best, string query)
    {
        var terms = new TextTerms();
        terms.Read(query);
        return [.. best.Select(hit => new SearchHit
        {
            Id = hit.Document.Id,
            Title = hit.Document.Title,
            Snippet = TextSnippet.Around(hit.Document.Text, FirstOf(terms.Stems, hit.Document.Text)),
            Score = Math.Round(hit.Score, 6),
        })];
    }

    private static int FirstOf(IReadOnlyDictionary<string, int> stems, string text)
    {
        foreach (var word in PassageBounds.WordsOf(text, 0, Math.Min(text.Length, SearchedCharacters)))
        {
            if (stems.ContainsKey(LightStem.Of(text[word].ToLowerInvariant()))) return word.Start.Value;
        }

        return 0;
    }
}
