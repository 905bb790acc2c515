using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tools.Search;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>
/// Embeddings without a model: each word and its runs of three to five characters are hashed into signed buckets (feature hashing, Weinberger
/// et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009; character n-grams with word bounds as in Bojanowski et al.,
/// "Enriching Word Vectors with Subword Information", TACL 2017), each with 1 + ln of its count, scaled to length 1. Texts that are spelled
/// alike are near each other, also across endings and typing errors. **It knows nothing of meaning**: "car" and "automobile" are strangers.
/// </summary>
public sealed class HashedNgramEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The name it answers by.</summary>
    public const string ModelName = "hashed-ngrams";

    /// <summary>The number of buckets unless told otherwise: 4,096.</summary>
    public const int DefaultDimensions = 4096;

    private const int Shortest = 3;
    private const int Longest = 5;
    private const int LongestWord = 64;

    /// <summary>What a whole word counts for, against 1 for a run of its characters.</summary>
    private const int WordCount = 2;

    private readonly int dimensions;
    private readonly EmbeddingGeneratorMetadata metadata;

    /// <summary>Makes the generator.</summary>
    /// <param name="dimensions">The number of buckets, 64 to 65,536. Fewer let more words collide.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public HashedNgramEmbeddings(int dimensions = DefaultDimensions)
    {
        this.dimensions = Checked(dimensions);
        metadata = new EmbeddingGeneratorMetadata("offline", providerUri: null, ModelName, dimensions);
    }

    /// <summary>The vectors of texts, at once and the same each time. A text without words has the zero vector.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">Its Dimensions, where set, go before those of the constructor.</param>
    /// <param name="cancellationToken">Stops between two texts.</param>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var size = options?.Dimensions is { } asked ? Checked(asked) : dimensions;
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var value in values)
        {
            if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<GeneratedEmbeddings<Embedding<float>>>(cancellationToken);
            embeddings.Add(new Embedding<float>(Vector(value, size)) { ModelId = ModelName });
        }

        return Task.FromResult(embeddings);
    }

    /// <summary>This generator, or what it says about itself.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Not used.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose()
    {
    }

    private static int Checked(int dimensions) => dimensions is >= 64 and <= 65_536 ? dimensions : throw new ArgumentOutOfRangeException(nameof(dimensions), dimensions, $"The dimensions are {dimensions}. They must be 64 to 65,536.");

    private static float[] Vector(string text, int size)
    {
        var counts = new Dictionary<ulong, int>();
        Span<char> bounded = stackalloc char[LongestWord + 2];
        foreach (var range in PassageBounds.WordsOf(text))
        {
            var word = text.AsSpan(range);
            if (word.Length > LongestWord) word = word[..LongestWord];
            var length = word.ToLowerInvariant(bounded[1..]);
            if ((length == 1 && char.IsAscii(word[0])) || CommonWords.OfEnglish.Contains(bounded.Slice(1, length))) continue;
            (bounded[0], bounded[length + 1]) = ('<', '>');
            Count(bounded[..(length + 2)], counts);
        }

        var vector = new float[size];
        foreach (var (hash, count) in counts) vector[hash % (ulong)size] += (hash >> 63 == 0 ? 1 : -1) * (1 + MathF.Log(count));
        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    private static void Count(ReadOnlySpan<char> bounded, Dictionary<ulong, int> counts)
    {
        for (var length = Shortest; length <= Longest; length++)
        {
            for (var start = 0; start + length <= bounded.Length; start++) CollectionsMarshal.GetValueRefOrAddDefault(counts, Fnv.Of(bounded.Slice(start, length)), out _)++;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(counts, Fnv.Of(bounded), out _) += WordCount;
    }
}
