using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search.Mapped;

namespace AgentFunctions.Core.Search;

/// <summary>How a configured source is searched.</summary>
public enum SearchSourceKind
{
    /// <summary>Local documents by words: BM25.</summary>
    Bm25,

    /// <summary>Local documents by nearness of embeddings.</summary>
    Embeddings,

    /// <summary>A service that answers JSON over HTTP.</summary>
    Http,

    /// <summary>A tool: built in, of the host, or of an MCP server.</summary>
    Tool,
}

/// <summary>A source of the host's configuration: <c>Search:Sources:{name}</c>.</summary>
public sealed class SearchSourceOptions
{
    /// <summary>How it is searched. Default: <see cref="SearchSourceKind.Bm25"/>.</summary>
    public SearchSourceKind Kind { get; set; }

    /// <summary>For Bm25 and Embeddings: a folder whose text files are searched passage by passage, with its subfolders. Either this or <see cref="File"/>.</summary>
    public string? Folder { get; set; }

    /// <summary>For Bm25 and Embeddings: a file with a JSON object on each line.</summary>
    public string? File { get; set; }

    /// <summary>In the file: the property with the ID, a text or a number. Default: <c>id</c>.</summary>
    public string IdField { get; set; } = "id";

    /// <summary>In the file: the property with the title; empty to search without titles. Default: <c>title</c>.</summary>
    public string TitleField { get; set; } = "title";

    /// <summary>In the file: the property with the text. Default: <c>text</c>.</summary>
    public string TextField { get; set; } = "text";

    /// <summary>For Bm25: how much a repeated word still adds, 0 to 10. Default: 1.2.</summary>
    public double K1 { get; set; } = 1.2;

    /// <summary>For Bm25: how much long texts are held back, 0 to 1. Default: 0.75.</summary>
    public double B { get; set; } = 0.75;

    /// <summary>For Embeddings: the model. Default: <c>embedding</c>, the one that the host is configured with.</summary>
    public string Model { get; set; } = EmbeddingCatalog.Default;

    /// <summary>For Bm25 and Embeddings: for how long files are taken as unchanged after a look, 0 to 1 day. Default: 2 s.</summary>
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most files of the folder, 1 to 100,000. Default: 10,000.</summary>
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Larger files of the folder are left out, in bytes, 1,024 to 268,435,456. Default: 8,388,608.</summary>
    public int MaxFileBytes { get; set; } = 8 << 20;

    /// <summary>The most documents or passages, which are kept in memory, 1 to 2,000,000. Default: 200,000.</summary>
    public int MaxDocuments { get; set; } = 200_000;

    /// <summary>The most text in bytes, which is kept in memory, 1,024 to 1,073,741,824. Default: 134,217,728.</summary>
    public long MaxBytes { get; set; } = 128L << 20;

    /// <summary>For Http: the URL with <c>{query}</c> and, if the service wants it, <c>{top}</c>.</summary>
    public string? Url { get; set; }

    /// <summary>For Tool: its registered name.</summary>
    public string? Tool { get; set; }

    /// <summary>For Tool: its arguments as JSON text, with <c>{query}</c> and <c>{top}</c> in texts. Default: <c>{"query":"{query}","top":"{top}"}</c>.</summary>
    public string Arguments { get; set; } = """{"query":"{query}","top":"{top}"}""";

    /// <summary>For Http and Tool: where the hits are in the answer.</summary>
    public ResultMapping Result { get; set; } = new();

    internal IEnumerable<string> Errors(string name)
    {
        var setting = $"{SearchOptions.Section}:Sources:{name}";
        if (name.Length > 100) yield return $"{setting} has a name of {name.Length} characters. Give it at most 100.";
        if (!Enum.IsDefined(Kind)) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:Kind is {(int)Kind}. It must be one of {string.Join(", ", Enum.GetNames<SearchSourceKind>())}.");
        foreach (var error in Kind is SearchSourceKind.Bm25 or SearchSourceKind.Embeddings ? LocalErrors(setting) : MappedErrors(setting)) yield return error;
    }

    private IEnumerable<string> LocalErrors(string setting)
    {
        if (Folder is null == File is null) yield return $"{setting} has {(Folder is null ? "neither Folder nor File" : "both Folder and File")}. Set one of them.";
        if (Folder is not null && !Directory.Exists(Folder)) yield return $"{setting}:Folder is '{Folder}', which is no folder. Name one that exists.";
        if (File is not null && !System.IO.File.Exists(File)) yield return $"{setting}:File is '{File}', which is no file. Name one that exists.";
        if (string.IsNullOrEmpty(IdField)) yield return $"{setting}:IdField is empty. Name the property with the ID.";
        if (string.IsNullOrEmpty(TextField)) yield return $"{setting}:TextField is empty. Name the property with the text.";
        if (K1 is not (>= 0 and <= 10)) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:K1 is {K1}. It must be from 0 to 10.");
        if (B is not (>= 0 and <= 1)) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:B is {B}. It must be from 0 to 1.");
        if (Refresh < TimeSpan.Zero || Refresh > TimeSpan.FromDays(1)) yield return $"{setting}:Refresh is {Refresh:c}. It must be from 00:00:00 to 1.00:00:00.";
        if (MaxFiles is < 1 or > 100_000) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:MaxFiles is {MaxFiles}. It must be from 1 to 100000.");
        if (MaxFileBytes is < 1024 or > 1 << 28) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:MaxFileBytes is {MaxFileBytes}. It must be from 1024 to 268435456.");
        if (MaxDocuments is < 1 or > 2_000_000) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:MaxDocuments is {MaxDocuments}. It must be from 1 to 2000000.");
        if (MaxBytes is < 1024 or > 1L << 30) yield return string.Create(CultureInfo.InvariantCulture, $"{setting}:MaxBytes is {MaxBytes}. It must be from 1024 to 1073741824.");
    }

    private IEnumerable<string> MappedErrors(string setting)
    {
        if (Kind == SearchSourceKind.Http && SearchTemplate.UrlFault(Url) is { } fault) yield return $"{setting}:Url: {fault}";
        if (Kind == SearchSourceKind.Tool && string.IsNullOrWhiteSpace(Tool)) yield return $"{setting}:Tool is empty. Name a registered tool.";
        if (Kind == SearchSourceKind.Tool && ReadArguments() is not { ValueKind: JsonValueKind.Object }) yield return $"{setting}:Arguments is '{Arguments}', which is no JSON object. Write one, such as {{\"query\":\"{{query}}\"}}.";
        foreach (var (name, error) in Result.Faults()) yield return $"{setting}:Result:{name}: {error}";
    }

    internal JsonElement? ReadArguments()
    {
        try
        {
            return Serialization.DurableJson.Parse(System.Text.Encoding.UTF8.GetBytes(Arguments ?? ""));
        }
        catch (JsonException)
        {
            // The caller says what is wrong, with the setting's name.
            return null;
        }
    }
}
