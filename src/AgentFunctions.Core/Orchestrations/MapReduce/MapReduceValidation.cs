using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>Says what is wrong with an input. Whether a stored text exists is found out when it is split.</summary>
internal static class MapReduceValidation
{
    public const int LongestTask = 8_000;
    private const int LongestId = 500;
    private const int MostErrors = 100;

    public static void Check(MapReduceInput input, InputErrors errors)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(input.Task), "task", "The task is empty. Say what to do with the documents.");
        errors.AddIf(input.Task.Length > LongestTask, "task", $"The task has {input.Task.Length} characters, and every model call carries it. Use at most 8,000; put long material into a document.");
        errors.AddIf(input.Documents.Count == 0, "documents", "There are no documents. Send at least one.");
        errors.AddIf(input.ChunkTokens is < 50 or > 100_000, "chunkTokens", $"chunkTokens is {input.ChunkTokens}. It must be 50 to 100,000.");
        errors.AddIf(input.GroupSize is < 2 or > 100, "groupSize", $"groupSize is {input.GroupSize}. It must be 2 to 100.");
        errors.AddIf(input.MaxParallel is < 1 or > 10_000, "maxParallel", $"maxParallel is {input.MaxParallel}. It must be 1 to 10,000.");
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        CheckModel(input.Models.Map, "models.map", errors);
        CheckModel(input.Models.Reduce, "models.reduce", errors);
        CheckModel(input.Models.Root, "models.root", errors);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < input.Documents.Count && errors.ByPath.Count < MostErrors; i++) CheckDocument(input.Documents[i], i, places, errors);
    }

    private static void CheckModel(string model, string path, InputErrors errors) =>
        errors.AddIf(string.IsNullOrWhiteSpace(model), path, "The model is empty. Name a tier (fast, balanced, capable) or a configured model, or leave it out.");

    private static void CheckDocument(MapReduceDocument? document, int place, Dictionary<string, int> places, InputErrors errors)
    {
        var path = $"documents[{place}]";
        if (document is null)
        {
            errors.AddIf(true, path, "The document is null. Send an object with 'id' and 'text'.");
            return;
        }

        if (document.Id.Length is 0 or > LongestId) errors.AddIf(true, $"{path}.id", $"The ID has {document.Id.Length} characters. Give it 1 to {LongestId}.");
        else if (!places.TryAdd(document.Id, place)) errors.AddIf(true, $"{path}.id", $"The ID '{document.Id}' is also that of documents[{places[document.Id]}]. Give each an ID of its own.");
        if (document.Text is null == document.Ref is null) errors.AddIf(true, path, $"The document has {(document.Text is null ? "neither" : "both")} 'text' {(document.Text is null ? "nor" : "and")} 'ref'. Send one of them.");
        if (document.Ref is { } address && !address.IsValid()) errors.AddIf(true, $"{path}.ref", $"'{address.Sha256}' with length {address.Length} is no content address. Send 64 lower-case hexadecimal digits as 'sha256' and the number of bytes as 'length'.");
    }
}
