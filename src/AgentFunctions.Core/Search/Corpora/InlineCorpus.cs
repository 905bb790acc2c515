using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search.Corpora;

/// <summary>Documents that came with a request.</summary>
internal sealed class InlineCorpus(IReadOnlyList<SearchDocument> documents) : ICorpus
{
    /// <summary>The most documents: 1,000.</summary>
    public const int MostDocuments = 1000;

    /// <summary>The most characters of all documents together: 1,048,576.</summary>
    public const int MostCharacters = 1 << 20;

    public string Version() => "";

    public Task<IReadOnlyList<SearchDocument>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(documents);

    /// <summary>The documents, from the content store where they are there.</summary>
    public static async ValueTask<IReadOnlyList<SearchDocument>> ReadAsync(InlineDocuments documents, IContentStore store, CancellationToken cancellationToken)
    {
        var items = documents.Items;
        if (documents.Ref is { } stored)
        {
            if (items is not null) throw new PermanentFailureException("The documents have both 'items' and 'ref'. Set one of them.");
            items = Parse(stored, await store.GetAsync(stored, cancellationToken));
        }

        if (items is not { Count: > 0 and <= MostDocuments }) throw new PermanentFailureException($"There are {items?.Count ?? 0} documents. Send 1 to {MostDocuments}.");
        return [.. items.Select(item => new SearchDocument(item.Id, item.Title, item.Text))];
    }

    private static IReadOnlyList<InlineDocument>? Parse(ContentRef stored, ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, SearchJsonContext.Default.IReadOnlyListInlineDocument);
        }
        catch (JsonException error)
        {
            throw new PermanentFailureException($"The value {stored.Sha256} is no list of documents: {error.Message} Store a JSON array of objects with 'id' and 'text'.", error);
        }
    }
}
