using System.Text;
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
    """{"type":"object","properties":{"query":{"type":"string","maxLength":1000,"description":"Words to look for."},"top":{"type":"integer","minimum":1,"maximum":50,"description":"How many passages to return; 5 if left out."}},"required":["query"],"additionalProperties":false}""", ToolEffect.ReadOnly)
{
    private const int SnippetBefore = 80;
    private const int SnippetAfter = 200;
    private const int SniffedBytes = 8192;

    private static readonly EnumerationOptions everyFile = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    /// <summary>Searches.</summary>
    /// <param name="arguments">query, top.</param>
    /// <param name="cancellationToken">Stops it before the next file.</param>
    /// <exception cref="PermanentFailureException">No folder is configured, it has too many files, or an argument is wrong.</exception>
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var query = arguments.Text("query", longest: 1000);
        var top = arguments.Whole("top", 1, 50, missing: 5);
        var terms = Passages.WordsOf(query).Select(word => query[word]).ToList();
        if (terms.Count == 0) throw new PermanentFailureException($"The tool 'search-files' got the query '{query}', which has no word. Use letters or digits.");
        var passages = new Passages(terms);
        var (files, skipped) = (0, 0);
        foreach (var path in Files())
        {
            if (await ReadAsync(path, cancellationToken) is { } text)
            {
                passages.Add(path, text);
                files++;
            }
            else skipped++;
        }

        var hits = new List<FileHit>();
        foreach (var (passage, score) in Best(passages, top)) hits.Add(await HitAsync(passage, score, cancellationToken));
        return JsonSerializer.SerializeToElement(new FileHits { Files = files, Skipped = skipped, Hits = hits }, ToolsJsonContext.Default.FileHits);
    }

    private List<string> Files()
    {
        var folder = options.Folder ?? throw new PermanentFailureException("The tool 'search-files' has no folder to search. Set Tools:SearchFiles:Folder.");
        var files = Directory.EnumerateFiles(folder, "*", everyFile).Take(options.MaxFiles + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= options.MaxFiles
            ? files
            : throw new PermanentFailureException($"The tool 'search-files' found more than {options.MaxFiles} files in its folder. Raise Tools:SearchFiles:MaxFiles, or name a smaller folder.");
    }

    private async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        if (file.Length > options.MaxFileBytes) return null;
        var bytes = new byte[file.Length];
        var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsSpan(0, Math.Min(read, SniffedBytes)).Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes, 0, read);
    }

    private static IEnumerable<(Passage Passage, double Score)> Best(Passages passages, int top)
    {
        var rarities = new double[passages.WithTerm.Length];
        for (var term = 0; term < rarities.Length; term++) rarities[term] = Bm25.Rarity(passages.Count, passages.WithTerm[term]);
        var average = passages.Words / (double)Math.Max(1, passages.Count);
        return passages.Found
            .Select(passage => (passage, Score: Bm25.Score(passage.Counts, rarities, passage.Words, average)))
            .OrderByDescending(scored => scored.Score)
            .ThenBy(scored => scored.passage.Path, StringComparer.Ordinal)
            .ThenBy(scored => scored.passage.Offset)
            .Take(top);
    }

    // Read again rather than kept: a common word is in most passages of a large folder.
    private async Task<FileHit> HitAsync(Passage passage, double score, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(passage.Path, cancellationToken) ?? "";
        var words = Around(text, Math.Min(passage.Offset, text.Length)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new FileHit
        {
            File = Path.GetRelativePath(options.Folder!, passage.Path).Replace(Path.DirectorySeparatorChar, '/'),
            Line = passage.Line,
            Score = Math.Round(score, 4),
            Snippet = string.Join(' ', words),
        };
    }

    // Whole words where the text has spaces, never half a surrogate pair.
    private static string Around(string text, int offset)
    {
        var (start, end) = (Math.Max(0, offset - SnippetBefore), Math.Min(text.Length, offset + SnippetAfter));
        var first = start == 0 ? -1 : text.IndexOf(' ', start, offset - start);
        var last = end == text.Length ? -1 : text.LastIndexOf(' ', end - 1, end - offset);
        (start, end) = (first < 0 ? start : first + 1, last < 0 ? end : last);
        if (start < offset && char.IsLowSurrogate(text[start])) start++;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return text[start..end];
    }
}
