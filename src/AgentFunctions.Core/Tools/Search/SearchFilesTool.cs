using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools.Search;

/// <summary>
/// Searches the text files of one configured folder: <c>{"query": "…", "top": 1 to 50}</c>. Passages are ranked by <see cref="Bm25"/>. A call can't name a path,
/// and links are not followed, so nothing outside the folder is read.
/// </summary>
/// <param name="options">What may be searched.</param>
public sealed class SearchFilesTool(SearchFilesOptions options) : Tool(
    "search-files",
    "Finds the passages of the configured folder's text files that fit a query best.",
    """{"type":"object","properties":{"query":{"type":"string","maxLength":1000,"description":"Words to look for."},"top":{"type":"integer","minimum":1,"maximum":50,"description":"How many passages to return; 5 if left out."}},"required":["query"],"additionalProperties":false}""", ToolEffect.ReadOnly, cacheFor: TimeSpan.Zero)
{
    /// <summary>Searches.</summary>
    /// <param name="arguments">query, top.</param>
    /// <param name="cancellationToken">Stops it before the next file.</param>
    /// <exception cref="PermanentFailureException">No folder is configured, it has too many files, or an argument is wrong.</exception>
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var query = arguments.Text("query", longest: 1000);
        var top = arguments.Whole("top", 1, 50, missing: 5);
        var terms = PassageBounds.WordsOf(query).Select(word => query[word]).ToList();
        if (terms.Count == 0) throw new PermanentFailureException($"The tool 'search-files' got the query '{query}', which has no word. Use letters or digits.");
        var passages = new Passages(terms);
        var (files, skipped) = (0, 0);
        var texts = Files();
        foreach (var path in texts.Paths())
        {
            if (await texts.ReadAsync(path, cancellationToken) is { } text)
            {
                passages.Add(path, text);
                files++;
            }
            else skipped++;
        }

        var hits = new List<FileHit>();
        foreach (var (passage, score) in Best(passages, top)) hits.Add(await HitAsync(texts, passage, score, cancellationToken));
        return JsonSerializer.SerializeToElement(new FileHits { Files = files, Skipped = skipped, Hits = hits }, ToolsJsonContext.Default.FileHits);
    }

    private TextFiles Files() => new(
        options.Folder ?? throw new PermanentFailureException("The tool 'search-files' has no folder to search. Set Tools:SearchFiles:Folder."),
        options.MaxFiles,
        options.MaxFileBytes,
        "Tools:SearchFiles:MaxFiles");

    private static IEnumerable<(Passage Passage, double Score)> Best(Passages passages, int top)
    {
        var rarities = new double[passages.WithTerm.Length];
        for (var term = 0; term < rarities.Length; term++) rarities[term] = Bm25.Rarity(passages.Count, passages.WithTerm[term]);
        var average = passages.Words / (double)Math.Max(1, passages.Count);
        return passages.Found
            .Select(passage => (passage, Score: Bm25.Usual.Score(passage.Counts, rarities, passage.Words, average)))
            .OrderByDescending(scored => scored.Score)
            .ThenBy(scored => scored.passage.Path, StringComparer.Ordinal)
            .ThenBy(scored => scored.passage.Offset)
            .Take(top);
    }

    // Read again rather than kept: a common word is in most passages of a large folder.
    private static async Task<FileHit> HitAsync(TextFiles texts, Passage passage, double score, CancellationToken cancellationToken)
    {
        var text = await texts.ReadAsync(passage.Path, cancellationToken) ?? "";
        return new FileHit
        {
            File = texts.NameOf(passage.Path),
            Line = passage.Line,
            Score = Math.Round(score, 4),
            Snippet = TextSnippet.Around(text, Math.Min(passage.Offset, text.Length)),
        };
    }
}
