using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search.Corpora;

/// <summary>The documents of a file with a JSON object on each line.</summary>
/// <param name="path">The file.</param>
/// <param name="fields">The names of the properties; no title is read where its name is empty.</param>
/// <param name="limits">How much it may hold.</param>
internal sealed class JsonlCorpus(string path, JsonlFields fields, CorpusLimits limits) : ICorpus
{
    public string Version()
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : throw new PermanentFailureException($"The file '{path}' of the search source '{limits.Source}' is not there. Put it back, or change Search:Sources:{limits.Source}:File.");
    }

    public async Task<IReadOnlyList<SearchDocument>> ReadAsync(CancellationToken cancellationToken)
    {
        var documents = new List<SearchDocument>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var (number, bytes) = (0, 0L);
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            bytes += System.Text.Encoding.UTF8.GetByteCount(line);
            var document = Read(line, number);
            documents.Add(ids.Add(document.Id) ? document : throw Wrong(number, $"has the {fields.Id} '{document.Id}' of an earlier line. Give each document an ID of its own."));
            limits.Check(documents.Count, bytes);
        }

        return documents;
    }

    private SearchDocument Read(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Wrong(number, $"is a JSON {root.ValueKind}. Write one object a line.");
            var id = Text(root, fields.Id) is { Length: > 0 and <= 200 } key ? key : throw Wrong(number, $"has no text or number of 1 to 200 characters in '{fields.Id}'. Write the ID there, or change Search:Sources:{limits.Source}:IdField.");
            var text = Text(root, fields.Text) ?? throw Wrong(number, $"has no text in '{fields.Text}'. Write the text there, or change Search:Sources:{limits.Source}:TextField.");
            return new SearchDocument(id, fields.Title.Length == 0 ? null : Text(root, fields.Title), text);
        }
        catch (JsonException error)
        {
            throw new PermanentFailureException($"Line {number} of '{path}' is no JSON: {error.Message} Write one JSON object a line.", error);
        }
    }

    private static string? Text(JsonElement root, string field) => root.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    private PermanentFailureException Wrong(int line, string what) => new(string.Create(CultureInfo.InvariantCulture, $"Line {line} of '{path}' {what}"));
}

/// <summary>The names of the properties of a document.</summary>
internal sealed record JsonlFields(string Id, string Title, string Text);
