using System.Text;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tests.Policies.Chunking;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class SplitDocumentActivityTests
{
    private static readonly ActivityContext context = new("run", "SplitDocument", 1);
    private readonly CountingStore store = new();

    [Fact]
    public async Task Run_RealTexts_ChunksReadBackCoverThem()
    {
        var texts = ChunkTexts.RealFiles().ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        var set = await SplitAsync(1000, [.. texts.Select(text => new SourceDocument(text.Key, new Content { Text = text.Value }))]);
        var reader = new ChunkReader(store);
        var words = new List<string>();
        for (var index = 0; index < set.Count; index++)
        {
            var chunk = await reader.ReadAsync(new ChunkAddress(set.Set, index), CancellationToken.None);
            Assert.InRange(TokenEstimate.Count(chunk), 1, 1000);
            words.AddRange(Words(chunk));
        }

        Assert.Equal(texts.Count, set.Documents);
        Assert.Equal(texts.Values.SelectMany(Words), words);
    }

    [Fact]
    public async Task Run_TextsInManyScripts_AreFoundByTheirBytes()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200).Select(n => $"Straße {n} слово 漢字。 👍👍 e\u0301"));
        var set = await SplitAsync(50, new SourceDocument("a", new Content { Text = text }));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat((await ReadAsync(set)).SelectMany(Words)));
    }

    [Fact]
    public async Task Run_StoredDocumentWithByteOrderMark_LeavesItOut()
    {
        var stored = await store.PutAsync(Encoding.UTF8.Preamble.ToArray().Concat("Only this."u8.ToArray()).ToArray(), CancellationToken.None);
        Assert.Equal(["Only this."], await ReadAsync(await SplitAsync(50, new SourceDocument("a", new Content { Ref = stored }))));
    }

    [Fact]
    public async Task Run_BlankDocuments_HaveNoChunksAndAreNotCounted()
    {
        var set = await SplitAsync(50, new("a", new Content { Text = " \n" }), new("b", new Content { Text = "Some." }), new("c", new Content { Text = "" }));
        Assert.Equal((1, 1), (set.Count, set.Documents));
        Assert.Equal(["Some."], await ReadAsync(set));
    }

    [Fact]
    public async Task Run_NoDocuments_IsAnEmptySet() => Assert.Equal((0, 0), (await SplitAsync(50)) is var set ? (set.Count, set.Documents) : default);

    [Fact]
    public async Task Run_Twice_GivesTheSameSet()
    {
        var document = new SourceDocument("a", new Content { Text = "Some text." });
        Assert.Equal(await SplitAsync(50, document), await SplitAsync(50, document));
    }

    [Theory]
    [InlineData(49)]
    [InlineData(100_001)]
    public async Task Run_ChunkTokensOutOfRange_NamesValueAndRange(int tokens)
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => SplitAsync(tokens));
        Assert.Equal($"'chunkTokens' is {tokens}. It must be from 50 to 100000.", error.Message);
    }

    [Fact]
    public async Task Run_NoUtf8_NamesTheDocument()
    {
        var stored = await store.PutAsync(new byte[] { 0x41, 0xff, 0x42 }, CancellationToken.None);
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => SplitAsync(50, new SourceDocument("old.txt", new Content { Ref = stored })));
        Assert.Contains("'old.txt' is no UTF-8 text: the byte at 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NeitherTextNorRef_NamesTheDocument()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => SplitAsync(50, new SourceDocument("x", new Content())));
        Assert.Contains("'x' has neither 'text' nor 'ref'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownRef_IsNotFound() =>
        await Assert.ThrowsAsync<ContentNotFoundException>(() => SplitAsync(50, new SourceDocument("x", new Content { Ref = ContentRef.Of("gone"u8) })));

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        var request = new SplitRequest { ChunkTokens = 50, Documents = [new("a", new Content { Text = "x" })] };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SplitDocumentActivity(store).RunAsync(context, request, new CancellationToken(canceled: true)));
    }

    private Task<ChunkSet> SplitAsync(int tokens, params SourceDocument[] documents) =>
        new SplitDocumentActivity(store).RunAsync(context, new SplitRequest { ChunkTokens = tokens, Documents = documents }, CancellationToken.None);

    private async Task<List<string>> ReadAsync(ChunkSet set)
    {
        var reader = new ChunkReader(store);
        var chunks = new List<string>();
        for (var index = 0; index < set.Count; index++) chunks.Add(await reader.ReadAsync(new ChunkAddress(set.Set, index), CancellationToken.None));
        return chunks;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
