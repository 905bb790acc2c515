using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>Embeds many texts, batch by batch.</summary>
internal static class EmbeddingBatches
{
    /// <summary>How many texts a request carries: 128.</summary>
    public const int BatchSize = 128;

    /// <summary>The vectors, one after the other in one array, how many numbers each has, and what they cost.</summary>
    /// <exception cref="ModelUnavailableException">The model gave another number of vectors, or vectors of different lengths.</exception>
    public static async Task<(float[] Vectors, int Dimensions, Cost Cost)> EmbedAsync(ResolvedEmbedding model, IReadOnlyList<string> texts, int? dimensions, CancellationToken cancellationToken)
    {
        var options = dimensions is { } asked ? new EmbeddingGenerationOptions { Dimensions = asked } : null;
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
        }

        return (vectors, size, cost);
    }

    private static Cost CostOf(GeneratedEmbeddings<Embedding<float>> embeddings, string[] texts, ModelPrice price)
    {
        var tokens = embeddings.Usage?.InputTokenCount ?? texts.Sum(text => (long)TokenEstimate.Count(text));
        return new Cost(tokens, 0, price.Of(tokens, 0), Estimated: embeddings.Usage?.InputTokenCount is null);
    }
}
