using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>
/// Keeps the vectors of texts, bit by bit, for calls whose options carry a <see cref="ModelCacheScope"/>: only texts without a kept vector go to the model, each once.
/// A vector from the cache says so in its additional properties, under <see cref="ModelProperties.CacheNote"/>; usage is that of the others.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="cache">Where vectors are kept.</param>
/// <param name="price">What the model costs: what a kept vector saves.</param>
public sealed class CachingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ICallCache cache, ModelPrice price) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly EmbeddingGeneratorMetadata? metadata = inner.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;

    /// <summary>The vectors of texts, in their order.</summary>
    /// <inheritdoc/>
    /// <exception cref="CacheMissException">Only kept vectors were asked for, and a text has none.</exception>
    /// <exception cref="ModelUnavailableException">The model gave another number of vectors than it was sent texts.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.CacheScope) is not ModelCacheScope { Settings.Mode: not CacheMode.Off } scope || options.RawRepresentationFactory is not null)
        {
            return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
        }

        string[] texts = [.. values];
        string[] different = [.. texts.Distinct(StringComparer.Ordinal)];
        CacheRequest[] requests = [.. different.Select(text => RequestOf(text, options, scope))];
        var found = scope.Settings.Mode == CacheMode.Refresh ? new CacheResult<KeptVector>?[requests.Length] : await cache.FindManyAsync(requests, ModelCacheJsonContext.Default.KeptVector, cancellationToken);
        int[] missing = [.. Enumerable.Range(0, requests.Length).Where(place => found[place] is null)];
        if (missing.Length > 0 && scope.Settings.Mode == CacheMode.Only) throw new CacheMissException($"Only kept vectors of '{requests[0].Maker}' were asked for, and {missing.Length} of {requests.Length} texts have none.");
        var made = missing.Length == 0 ? [] : await MakeAsync([.. missing.Select(place => different[place])], [.. missing.Select(place => requests[place])], options, cancellationToken);
        var byText = new Dictionary<string, Embedding<float>>(StringComparer.Ordinal);
        for (var place = 0; place < different.Length; place++) byText.Add(different[place], found[place] is { } kept ? Kept(kept) : made[Array.IndexOf(missing, place)]);
        return new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => byText[text])) { Usage = made.Usage, AdditionalProperties = made.AdditionalProperties };
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> MakeAsync(string[] texts, CacheRequest[] requests, EmbeddingGenerationOptions options, CancellationToken cancellationToken)
    {
        var began = await cache.BeginAsync(requests, cancellationToken);
        var made = await InnerGenerator.GenerateAsync(texts, options, cancellationToken);
        if (made.Count != texts.Length) throw new ModelUnavailableException($"The model '{requests[0].Maker}' gave {made.Count} vectors for {texts.Length} texts. Try again.");
        int[] tokens = [.. texts.Select(text => Math.Max(1, TokenEstimate.Count(text)))];
        var all = tokens.Sum(count => (long)count);
        var answers = texts.Select((_, place) => (requests[place], new CacheFill<KeptVector>(KeptVector.Of(made[place].Vector, made[place].ModelId), CostOf(made.Usage?.InputTokenCount, tokens[place], all), Keep: made[place].Vector.Length > 0)));
        await cache.KeepManyAsync<KeptVector>([.. answers], ModelCacheJsonContext.Default.KeptVector, began, cancellationToken);
        return made;
    }

    /// <summary>A text's share of what the batch cost, by its length.</summary>
    private Cost CostOf(long? reported, int tokens, long all)
    {
        var share = reported is { } used ? (long)Math.Round((double)used * tokens / all, MidpointRounding.AwayFromZero) : tokens;
        return new Cost(share, 0, price.Of(share, 0), Estimated: reported is null);
    }

    private CacheRequest RequestOf(string text, EmbeddingGenerationOptions options, ModelCacheScope scope) => new()
    {
        Kind = CacheKind.Embedding,
        Tenant = scope.Tenant,
        Maker = options.ModelId ?? metadata?.DefaultModelId ?? "",
        MakerVersion = metadata?.ProviderUri?.AbsoluteUri ?? metadata?.ProviderName,
        Input = JsonSerializer.SerializeToElement(new EmbeddedText(text, options.Dimensions), ModelCacheJsonContext.Default.EmbeddedText),
        Settings = scope.Settings,
    };

    private static Embedding<float> Kept(CacheResult<KeptVector> kept) => new(kept.Value.ToVector())
    {
        ModelId = kept.Value.Model,
        AdditionalProperties = kept.Note is { } note ? new AdditionalPropertiesDictionary { [ModelProperties.CacheNote] = note } : null,
    };
}
