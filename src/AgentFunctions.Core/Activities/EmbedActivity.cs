using System.Buffers.Binary;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Vectors;

namespace AgentFunctions.Core.Activities;

/// <summary>Embeds texts, as far as the cache does not have their vectors, and stores the vectors. Running it again may ask and cost again, but changes nothing else.</summary>
/// <param name="models">The embedding models.</param>
/// <param name="store">Where long texts are, and where the vectors go.</param>
public sealed class EmbedActivity(IEmbeddingCatalog models, IContentStore store) : Activity<EmbedRequest, EmbedReply>
{
    /// <summary>The most texts of one call: 2,048.</summary>
    public const int MostTexts = 2048;

    /// <summary>The longest text, in characters: 100,000.</summary>
    public const int LongestText = 100_000;

    /// <inheritdoc/>
    /// <exception cref="PermanentFailureException">The request does not fit, there is no such model, or the provider refused it as wrong.</exception>
    /// <exception cref="CacheMissException">Only kept vectors were asked for, and a text has none.</exception>
    /// <exception cref="ThrottledException">The provider refuses for now.</exception>
    /// <exception cref="ModelUnavailableException">The provider failed, could not be reached, or sent what does not fit.</exception>
    public override async Task<EmbedReply> RunAsync(ActivityContext context, EmbedRequest input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        if (input.Texts.Count is 0 or > MostTexts) throw new PermanentFailureException($"There are {input.Texts.Count} texts. Send 1 to {MostTexts}.");
        if (input.Dimensions is < 1 or > 65_536) throw new PermanentFailureException($"'dimensions' is {input.Dimensions}. It must be 1 to 65,536.");
        CacheSettingsRules.ThrowIfWrong(input.Cache);
        var model = models.Resolve(input.Model);
        var texts = new List<string>(input.Texts.Count);
        foreach (var content in input.Texts)
        {
            var text = await content.ReadAsync(store, cancellationToken);
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText) throw new PermanentFailureException($"texts[{texts.Count}] has {text.Length} characters. Send 1 to {LongestText}, not all of them blank.");
            texts.Add(text);
        }

        var scope = new ModelCacheScope { Tenant = Tenants.Of(context.InstanceId), Kind = CacheKind.Embedding, Settings = input.Cache ?? new() };
        if (scope.Settings.Mode == CacheMode.Only && model.Generator.GetService(typeof(CachingEmbeddingGenerator)) is null) throw new CacheMissException($"Only kept vectors of '{model.Name}' were asked for, and its vectors are not kept. Ask with another mode.");
        var (vectors, dimensions, cost, notes) = await EmbeddingBatches.EmbedAsync(model, texts, input.Dimensions, scope, context, cancellationToken);
        var bytes = new byte[vectors.Length * sizeof(float)];
        for (var i = 0; i < vectors.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vectors[i]);
        return new EmbedReply
        {
            Vectors = await store.PutAsync(bytes, cancellationToken),
            Count = texts.Count,
            Dimensions = dimensions,
            Model = model.Name,
            Cost = cost,
            Cached = notes.Count(note => note is not null),
            Cache = CacheNotes.Join(notes),
        };
    }
}
