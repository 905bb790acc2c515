using System.Text.Json;

namespace AgentFunctions.Benchmarks.Search;

/// <summary>The Cranfield collection: abstracts on aerodynamics, and questions with the documents that were judged relevant.</summary>
internal sealed record Cranfield(string Documents, IReadOnlyList<JudgedQuery> Queries)
{
    public const string Default = "../shared/data/cranfield";

    /// <summary>Reads it, or gives null where it is not there.</summary>
    public static Cranfield? Read(string folder)
    {
        var (documents, queries) = (Path.Combine(folder, "documents.jsonl"), Path.Combine(folder, "queries.jsonl"));
        return File.Exists(documents) && File.Exists(queries) ? new Cranfield(documents, [.. File.ReadLines(queries).Select(Query)]) : null;
    }

    private static JudgedQuery Query(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new JudgedQuery(root.GetProperty("text").GetString()!, [.. root.GetProperty("relevant").EnumerateArray().Select(id => id.GetString()!)]);
    }
}

/// <summary>A question and what answers it.</summary>
internal sealed record JudgedQuery(string Text, HashSet<string> Relevant);
