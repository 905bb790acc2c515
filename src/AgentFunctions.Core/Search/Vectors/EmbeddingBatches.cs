using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>Embeds many texts, batch by batch.</summary>
internal static class EmbeddingBatches
{
    /// <summary>How many texts a request carries: 128.</summary>
    public const int BatchSize = 128;

    /// <summary>The vectors of many texts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="dimensions">How many numbers a vector is to have; null for the model's own.</param>
    /// <param name="scope">Whose kept vectors may be used.</param>
    /// <param name="call">Which call of which run they are for; null where they are for none.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="ModelUnavailableException">The model gave another number of vectors, or vectors of different lengths.</exception>
    public static async Task<EmbeddedTexts> EmbedAsync(ResolvedEmbedding model, IReadOnlyList<string> texts, int? dimensions, ModelCacheScope scope, ActivityContext? call, CancellationToken cancellationToken)
    {
        var options = new EmbeddingGenerationOptions { ModelId = model.Name, Dimensions = dimensions, AdditionalProperties = new() { [ModelProperties.CacheScope] = scope, [ModelProperties.Priority] = call?.Priority ?? RunPriority.Workflow, [ModelProperties.Run] = call?.InstanceId, [ModelProperties.Budget] = call?.Budget } };
        var notes = new List<CacheNote?>(texts.Count);
        var (vectors, size, cost) = (Array.Empty<float>(), 0, Cost.None);
        for (var start = 0; start < texts.Count; start += BatchSize)
        {
            string[] batch = [.. texts.Skip(start).Take(BatchSize)];
            var embeddings = await model.Generator.GenerateAsync(batch, options, cancellationToken);
            if (embeddings.Count != batch.Length) throw new ModelUnavailableException($"The model '{model.Name}' gave {embeddings.Count} vectors for {batch.Length} texts. Try again.");
            if (start == 0)
            {
                size = embeddings[0].Vector.Length;
                VectorIndex.CheckSize(texts.Count, size);
                vectors = new float[texts.Count * size];
            }

            for (var i = 0; i < batch.Length; i++)
            {
                if (embeddings[i].Vector.Length != size) throw new ModelUnavailableException($"The model '{model.Name}' gave vectors of {size} and of {embeddings[i].Vector.Length} numbers. Try again.");
                embeddings[i].Vector.CopyTo(vectors.AsMemory((start + i) * size));
            }

            cost += CostOf(embeddings, batch, model.Price);
            notes.AddRange(embeddings.Select(NoteOf));
        }

        return new(vectors, size, cost, notes);
    }

    private static Cost CostOf(GeneratedEmbeddings<Embedding<float>> embeddings, string[] texts, ModelPrice price)
    {
        string[] sent = [.. texts.Where((_, place) => NoteOf(embeddings[place]) is null)];
        if (sent.Length == 0) return Cost.None;
        var tokens = embeddings.Usage?.InputTokenCount ?? sent.Sum(text => (long)TokenEstimate.Count(text));
        return new Cost(tokens, 0, price.Of(tokens, 0), Estimated: embeddings.Usage?.InputTokenCount is null);
    }

    private static CacheNote? NoteOf(Embedding<float> embedding) => CachedModels.NoteOf(embedding.AdditionalProperties);
}

/// <summary>The vectors of many texts.</summary>
/// <param name="Vectors">The vectors, one after the other.</param>
/// <param name="Dimensions">How many numbers each has.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="Notes">Where each came from; null for one that was made for this call.</param>
internal sealed record EmbeddedTexts(float[] Vectors, int Dimensions, Cost Cost, IReadOnlyList<CacheNote?> Notes);
