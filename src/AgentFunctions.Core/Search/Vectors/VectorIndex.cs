using System.Globalization;
using System.Numerics.Tensors;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search.Corpora;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>
/// The vectors of documents, scaled to length 1, in one array; a search compares the query with each (cosine) and keeps the best in a heap.
/// Dimensions can be weighted by how few documents use them, as words are by TF-IDF (Salton and Buckley 1988): that helps hashed words, where a
/// dimension is a word or a few, and changes nothing where every vector uses every dimension. Nothing changes after it is made.
/// </summary>
internal sealed class VectorIndex
{
    /// <summary>The most numbers that an index holds: 2^28, which is 1 GiB.</summary>
    public const long MostNumbers = 1L << 28;

    private readonly IReadOnlyList<SearchDocument> documents;
    private readonly float[] vectors;
    private readonly float[]? weights;
    private readonly int dimensions;

    /// <summary>Takes the vectors, in one array, and scales them in place.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="vectors">Their vectors, one after the other.</param>
    /// <param name="weightRare">Whether rarely used dimensions count for more.</param>
    public VectorIndex(IReadOnlyList<SearchDocument> documents, float[] vectors, bool weightRare)
    {
        (this.documents, this.vectors) = (documents, vectors);
        dimensions = documents.Count == 0 ? 0 : vectors.Length / documents.Count;
        weights = weightRare ? Weights() : null;
        for (var document = 0; document < documents.Count; document++) Scale(Vector(document));
    }

    /// <summary>Refuses an index that would be too large.</summary>
    /// <exception cref="PermanentFailureException">It would.</exception>
    public static void CheckSize(int documents, int dimensions)
    {
        if ((long)documents * dimensions > MostNumbers)
            throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"{documents} documents with vectors of {dimensions} numbers need more than {MostNumbers} numbers in memory. Split the source, or take a model with fewer dimensions."));
    }

    /// <summary>The nearest documents, best first; those at a right angle or beyond are left out.</summary>
    /// <exception cref="PermanentFailureException">The query's vector has another number of dimensions.</exception>
    public IReadOnlyList<(SearchDocument Document, double Score)> Search(ReadOnlySpan<float> query, int top)
    {
        if (documents.Count == 0) return [];
        if (query.Length != dimensions) throw new PermanentFailureException($"The query's vector has {query.Length} dimensions and the documents' have {dimensions}. Use one model for both.");
        var scaled = query.ToArray();
        Scale(scaled);
        var best = new BestHits(documents, top);
        for (var document = 0; document < documents.Count; document++)
        {
            var cosine = TensorPrimitives.Dot<float>(scaled, Vector(document));
            if (cosine > 0) best.Add(document, cosine);
        }

        return best.Take();
    }

    private Span<float> Vector(int document) => vectors.AsSpan(document * dimensions, dimensions);

    private void Scale(Span<float> vector)
    {
        if (weights is not null) TensorPrimitives.Multiply(vector, weights, vector);
        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
    }

    private float[] Weights()
    {
        var used = new int[dimensions];
        for (var document = 0; document < documents.Count; document++)
        {
            var vector = Vector(document);
            for (var i = 0; i < vector.Length; i++)
            {
                if (vector[i] != 0) used[i]++;
            }
        }

        return Array.ConvertAll(used, count => MathF.Log(1 + (documents.Count / (1f + count))));
    }
}
