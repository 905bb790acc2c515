using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Search.Mapped;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Says what is wrong with an input. Whether a source, a tool or a model exists is known only where it is called: there it is a permanent failure of its branch.</summary>
internal static class SearchFusionValidation
{
    public const int LongestQuery = 2000;
    public const int MostSources = 50;
    public const int MostSearches = 200;

    public static void Check(SearchFusionInput input, InputErrors errors)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(input.Query) || input.Query.Length > LongestQuery, "query", $"The query has {input.Query.Length} characters. Send 1 to 2,000, not all of them blank.");
        errors.AddIf(input.TopK is < 1 or > 200, "topK", $"topK is {input.TopK}. It must be 1 to 200.");
        errors.AddIf(input.K is < 1 or > 1000, "k", $"k is {input.K}. It must be 1 to 1,000.");
        errors.AddIf(input.MaxAttempts is < 1 or > 10, "maxAttempts", $"maxAttempts is {input.MaxAttempts}. It must be 1 to 10.");
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        if (input.Decompose is { } decompose)
        {
            errors.AddIf(decompose.Max is < 1 or > 10, "decompose.max", $"max is {decompose.Max}. It must be 1 to 10.");
            CheckModel(decompose.Model, decompose.Timeout, "decompose", errors);
        }

        if (input.Rerank is { } rerank)
        {
            errors.AddIf(rerank.Candidates is < 2 or > 50, "rerank.candidates", $"candidates is {rerank.Candidates}. It must be 2 to 50.");
            CheckModel(rerank.Model, rerank.Timeout, "rerank", errors);
        }

        CheckSources(input, errors);
    }

    private static void CheckModel(string model, TimeSpan timeout, string path, InputErrors errors)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(model), $"{path}.model", "The model's name is empty. Name a tier (fast, balanced, capable) or a configured model.");
        CheckTimeout(timeout, $"{path}.timeout", errors);
    }

    private static void CheckTimeout(TimeSpan timeout, string path, InputErrors errors) =>
        errors.AddIf(timeout <= TimeSpan.Zero || timeout > TimeSpan.FromHours(1), path, $"The timeout is {timeout}. It must be above 0 and at most 1 hour (01:00:00).");

    private static void CheckSources(SearchFusionInput input, InputErrors errors)
    {
        var count = input.Sources.Count;
        errors.AddIf(count is 0 or > MostSources, "sources", $"There are {count} sources. Send 1 to {MostSources}.");
        if (count is 0 or > MostSources) return;

        errors.AddIf(!input.Quorum.Fits(count), "quorum", $"The quorum is {input.Quorum} of {count} sources. It must be \"all\", a number from 1 to {count}, or a fraction above 0 and up to 1.");
        var searches = count * (1 + (input.Decompose?.Max ?? 0));
        errors.AddIf(input.Decompose is { Max: >= 1 and <= 10 } && searches > MostSearches, "decompose.max", $"{count} sources and up to {1 + input.Decompose?.Max} queries are {searches} searches. At most {MostSearches} run: lower max, or send fewer sources.");
        var keys = new InputKeys(errors);
        for (var i = 0; i < count; i++)
        {
            if (input.Sources[i] is not { } source)
            {
                errors.AddIf(true, $"sources[{i}]", "The source is null. Send an object with 'kind'.");
                continue;
            }

            keys.Add(source.Key ?? i.ToString(CultureInfo.InvariantCulture), $"sources[{i}].key");
            CheckSource(source, $"sources[{i}]", errors);
        }
    }

    private static void CheckSource(SearchFusionSource source, string path, InputErrors errors)
    {
        errors.AddIf(source.Weight is not (> 0 and <= 1000), $"{path}.weight", string.Create(CultureInfo.InvariantCulture, $"The weight is {source.Weight}. It must be above 0 and at most 1,000."));
        errors.AddIf(source.Top is < 1 or > 200, $"{path}.top", $"top is {source.Top}. It must be 1 to 200.");
        CheckTimeout(source.Timeout, $"{path}.timeout", errors);
        CheckKind(source, SearchFusionSourceKind.Configured, "name", source.Name is not null, path, errors);
        CheckKind(source, SearchFusionSourceKind.Documents, "documents", source.Documents is not null, path, errors);
        CheckKind(source, SearchFusionSourceKind.Http, "http", source.Http is not null, path, errors);
        CheckKind(source, SearchFusionSourceKind.Tool, "tool", source.Tool is not null, path, errors);
        errors.AddIf(source.Name is not null && string.IsNullOrWhiteSpace(source.Name), $"{path}.name", "The name is empty. Name a source of the host's configuration (Search:Sources).");
        if (source.Documents is { } documents) CheckDocuments(documents, $"{path}.documents", errors);
        if (source.Http is { } http)
        {
            if (SearchTemplate.UrlFault(http.Url) is { } fault) errors.AddIf(true, $"{path}.http.url", fault);
            CheckMapping(http.Result, $"{path}.http.result", errors);
        }

        if (source.Tool is { } tool)
        {
            errors.AddIf(string.IsNullOrWhiteSpace(tool.Tool), $"{path}.tool.tool", "The tool's name is empty. Name a registered tool.");
            errors.AddIf(tool.Arguments.ValueKind != JsonValueKind.Object, $"{path}.tool.arguments", $"The arguments are of kind {tool.Arguments.ValueKind}. Send a JSON object, with {{query}} in a text where the query goes.");
            CheckMapping(tool.Result, $"{path}.tool.result", errors);
        }
    }

    private static void CheckKind(SearchFusionSource source, SearchFusionSourceKind kind, string property, bool isSet, string path, InputErrors errors)
    {
        errors.AddIf(source.Kind == kind && !isSet, $"{path}.{property}", $"The kind is {kind}, but '{property}' is missing. Set it.");
        errors.AddIf(source.Kind != kind && isSet, $"{path}.{property}", $"The kind is {source.Kind}, but '{property}' is set, which belongs to {kind}. Leave it out, or change the kind.");
    }

    private static void CheckMapping(ResultMapping mapping, string path, InputErrors errors)
    {
        foreach (var (name, fault) in mapping.Faults()) errors.AddIf(true, $"{path}.{name}", fault);
    }

    private static void CheckDocuments(InlineDocuments documents, string path, InputErrors errors)
    {
        errors.AddIf(documents.Items is null == documents.Ref is null, path, $"The documents have {(documents.Items is null ? "neither 'items' nor 'ref'" : "both 'items' and 'ref'")}. Set one of them.");
        errors.AddIf(documents.Ref is { } address && !address.IsValid(), $"{path}.ref", $"'{documents.Ref?.Sha256}' ({documents.Ref?.Length} bytes) is no content address. Use 64 lower-case hexadecimal digits and a length that is not negative.");
        errors.AddIf(documents.Model is not null && (string.IsNullOrWhiteSpace(documents.Model) || documents.Ranking != SearchRanking.Embeddings), $"{path}.model", $"The model is '{documents.Model}' and the ranking {documents.Ranking}. Name an embedding model with ranking Embeddings, or leave it out.");
        if (documents.Items is not { } items) return;
        errors.AddIf(items.Count is 0 or > InlineCorpus.MostDocuments, $"{path}.items", $"There are {items.Count} documents. Send 1 to {InlineCorpus.MostDocuments}, or configure a source on the host.");
        if (items.Count > InlineCorpus.MostDocuments) return;

        var ids = new HashSet<string>(StringComparer.Ordinal);
        long characters = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not { } item)
            {
                errors.AddIf(true, $"{path}.items[{i}]", "The document is null. Send an object with 'id' and 'text'.");
                continue;
            }

            characters += item.Text.Length + (item.Title?.Length ?? 0);
            errors.AddIf(item.Id.Length is 0 or > 200, $"{path}.items[{i}].id", $"The ID has {item.Id.Length} characters. Give it 1 to 200.");
            errors.AddIf(!ids.Add(item.Id), $"{path}.items[{i}].id", $"Two documents have the ID '{item.Id}'. Give each an ID of its own.");
        }

        errors.AddIf(characters > InlineCorpus.MostCharacters, $"{path}.items", $"The documents have {characters} characters. Send at most {InlineCorpus.MostCharacters}, or configure a source on the host.");
    }
}
