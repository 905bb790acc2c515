using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Search.Vectors;

namespace AgentFunctions.Core.Tests.Search;

public sealed class VectorTests
{
    [Fact]
    public void Search_Vectors_NearestFirstAndNothingAtARightAngle()
    {
        var index = new VectorIndex(Documents("a", "b", "c", "d"), [10, 0, 0, 2, 2, 0, 0, 0, 1, -1, 0, 0], weightRare: false);
        var best = index.Search([1, 0, 0], 10);
        Assert.Equal(["a", "b"], best.Select(hit => hit.Document.Id));
        Assert.Equal(1, best[0].Score, 6);
        Assert.Equal(Math.Sqrt(0.5), best[1].Score, 6);
        Assert.Equal(["a"], index.Search([5, 0, 0], 1).Select(hit => hit.Document.Id));
    }

    [Fact]
    public void Search_WeightRare_RareDimensionDecides()
    {
        float[] Vectors() => [1, 0, 1, 1, 1, 0, 1, 0];
        Assert.Equal("b", new VectorIndex(Documents("a", "b", "c", "d"), Vectors(), weightRare: true).Search([1, 1], 1).Single().Document.Id);
        Assert.True(new VectorIndex(Documents("a", "b", "c", "d"), Vectors(), weightRare: true).Search([1, 0.2f], 2)[0].Score
            > new VectorIndex(Documents("a", "b", "c", "d"), [1, 1, 1, 1, 1, 1, 1, 1], weightRare: true).Search([1, 0.2f], 2)[0].Score);
    }

    [Fact]
    public void Search_OtherDimensions_IsRefused() => Assert.Throws<PermanentFailureException>(() => new VectorIndex(Documents("a"), [1, 0], weightRare: false).Search([1], 1));

    [Fact]
    public void CheckSize_TooManyNumbers_IsRefused() => Assert.Throws<PermanentFailureException>(() => VectorIndex.CheckSize(300_000, 1536));

    [Fact]
    public async Task HashedNgrams_SpelledAlike_AreNearAndOthersAreNot()
    {
        var vectors = await new HashedNgramEmbeddings().GenerateAsync(["compressible boundary layers", "The compressibility of a boundary layer", "heat conduction in slabs", "Compressible boundary layers!", "the of and"]);
        Assert.True(Cosine(0, 1) > 0.4, $"{Cosine(0, 1)}");
        Assert.True(Math.Abs(Cosine(0, 2)) < 0.1, $"{Cosine(0, 2)}");
        Assert.Equal(1, Cosine(0, 3), 5);
        Assert.Equal(0, Cosine(4, 4));

        float Cosine(int left, int right) => System.Numerics.Tensors.TensorPrimitives.Dot(vectors[left].Vector.Span, vectors[right].Vector.Span);
    }

    [Fact]
    public async Task HashedNgrams_Dimensions_AreAsAsked()
    {
        Assert.Equal(4096, (await new HashedNgramEmbeddings().GenerateAsync(["a b"]))[0].Vector.Length);
        Assert.Equal(128, (await new HashedNgramEmbeddings().GenerateAsync(["a b"], new() { Dimensions = 128 }))[0].Vector.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashedNgramEmbeddings(63));
    }

    private static List<SearchDocument> Documents(params string[] ids) => [.. ids.Select(id => new SearchDocument(id, null, id))];
}
