using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Mapped;

namespace AgentFunctions.Core.Tests.Search;

public sealed class SearchSourceActivityTests
{
    private static readonly InlineDocument[] items = [new() { Id = "a", Title = "Zebra", Text = "runs" }, new() { Id = "b", Text = "A cow." }];
    private readonly SearchFixture search = new();

    [Theory]
    [InlineData(SearchRanking.Bm25)]
    [InlineData(SearchRanking.Embeddings)]
    public async Task Run_InlineDocuments_AreSearched(SearchRanking ranking)
    {
        Assert.Equal(["a"], await search.IdsAsync(new SourceSettings { Documents = new InlineDocuments { Items = items, Ranking = ranking } }, "zebras"));
        var stored = await search.Store.PutAsync(JsonSerializer.SerializeToUtf8Bytes<IReadOnlyList<InlineDocument>>(items, SearchJsonContext.Default.IReadOnlyListInlineDocument), CancellationToken.None);
        Assert.Equal(["a"], await search.IdsAsync(new SourceSettings { Documents = new InlineDocuments { Ref = stored, Ranking = ranking } }, "zebras"));
    }

    [Fact]
    public async Task Run_NotExactlyOneSource_IsRefused()
    {
        await Assert.ThrowsAsync<PermanentFailureException>(() => search.SearchAsync(new SourceSettings(), "x"));
        await Assert.ThrowsAsync<PermanentFailureException>(() => search.SearchAsync(new SourceSettings { Name = "x", Http = new HttpSearch { Url = "", Result = new() } }, "x"));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("x", 0)]
    [InlineData("x", 201)]
    public async Task Run_OutOfRange_IsRefused(string query, int top) => await Assert.ThrowsAsync<PermanentFailureException>(() => search.SearchAsync(new SourceSettings { Documents = new InlineDocuments { Items = items } }, query, top));

    [Fact]
    public void Fit_LongTexts_ShareTheRoom()
    {
        var hits = ReplyHits.Fit([.. Enumerable.Range(0, 200).Select(i => new SearchHit { Id = $"id-{i}", Title = new string('"', 400), Snippet = string.Concat(Enumerable.Repeat("é𝔘\u0001", 300)), Score = 0.123456 })], 200);
        Assert.Equal(200, hits.Count);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(new SearchReply { Hits = hits }, SearchJsonContext.Default.SearchReply).Length, 1000, 32 * 1024);
        Assert.DoesNotContain(hits, hit => hit.Snippet is { } snippet && char.IsHighSurrogate(snippet[^1]));
    }

    [Fact]
    public void Fit_FewShortHits_StayAsTheyAre()
    {
        SearchHit[] hits = [new() { Id = "a", Title = "t", Snippet = "s" }, new() { Id = "b" }, new() { Id = "a" }, new() { Id = "c" }];
        Assert.Equal(hits[..2], ReplyHits.Fit(hits, 2));
        Assert.Equal(["a", "b", "c"], ReplyHits.Fit(hits, 9).Select(hit => hit.Id));
        Assert.Empty(ReplyHits.Fit([], 9));
        Assert.Throws<PermanentFailureException>(() => ReplyHits.Fit([new SearchHit { Id = "" }], 9));
        Assert.Throws<PermanentFailureException>(() => ReplyHits.Fit([.. Enumerable.Range(0, 200).Select(i => new SearchHit { Id = $"{i}{new string('x', 400)}" })], 200));
    }

    [Fact]
    public async Task Embed_Texts_AreStoredAsLittleEndianFloats()
    {
        var activity = new EmbedActivity(new EmbeddingCatalog(new ModelOptions(), TimeProvider.System), search.Store);
        var texts = Enumerable.Range(0, 300).Select(i => new Content { Text = $"text number{i}" }).ToList();
        var reply = await activity.RunAsync(new ActivityContext("run", "Embed", 0), new EmbedRequest { Texts = texts, Dimensions = 64 }, CancellationToken.None);
        Assert.Equal((300, 64, "hashed-ngrams"), (reply.Count, reply.Dimensions, reply.Model));
        Assert.Equal(300 * 64 * 4, reply.Vectors.Length);
        var bytes = await search.Store.GetAsync(reply.Vectors, CancellationToken.None);
        var expected = (await new AgentFunctions.Core.Search.Vectors.HashedNgramEmbeddings(64).GenerateAsync(["text number299"]))[0].Vector;
        Assert.Equal(expected.ToArray(), Enumerable.Range(0, 64).Select(i => System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(((299 * 64) + i) * 4)..])));
        Assert.True(reply.Cost is { InputTokens: > 300, Usd: 0, Estimated: true }, $"{reply.Cost}");
    }

    [Fact]
    public async Task Embed_OutOfRange_IsRefused()
    {
        var activity = new EmbedActivity(new EmbeddingCatalog(new ModelOptions(), TimeProvider.System), search.Store);
        foreach (var wrong in new EmbedRequest[] { new() { Texts = [] }, new() { Texts = [new Content { Text = " " }] }, new() { Texts = [new Content { Text = "x" }], Model = "nope" }, new() { Texts = [new Content { Text = "x" }], Dimensions = 0 } })
            await Assert.ThrowsAsync<PermanentFailureException>(() => activity.RunAsync(new ActivityContext("run", "Embed", 0), wrong, CancellationToken.None));
    }
}
