using System.Text;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class ChunkReaderTests
{
    private readonly CountingStore store = new();

    [Fact]
    public async Task Read_TenThousandChunksAtOnce_ReadsTableAndDocumentOnce()
    {
        var set = await SplitAsync(string.Join("\n\n", Enumerable.Range(0, 10_000).Select(n => $"{n} {new string('x', 150)}")));
        Assert.Equal(10_000, set.Count);
        store.Reads.Clear();
        var reader = new ChunkReader(store);
        var chunks = await Task.WhenAll(Enumerable.Range(0, set.Count).Select(index => Task.Run(async () => await reader.ReadAsync(new ChunkAddress(set.Set, index), CancellationToken.None))));
        Assert.All(chunks.Index(), chunk => Assert.StartsWith($"{chunk.Index} x", chunk.Item, StringComparison.Ordinal));
        Assert.Equal([1, 1], store.Reads.Values);
    }

    [Fact]
    public async Task Read_CacheTooSmallForAll_ReadsAgainWhatWasUsedLongestAgo()
    {
        var texts = new[] { "a", "b", "c" }.Select(letter => new string(letter[0], 400)).ToArray();
        var set = await SplitAsync(texts);
        store.Reads.Clear();
        var reader = new ChunkReader(store, cacheBytes: 1200); // 900 for documents: two of 400 each.
        foreach (var index in new[] { 0, 4, 0, 8, 0, 4 }) await reader.ReadAsync(new ChunkAddress(set.Set, index / 4 * (set.Count / 3)), CancellationToken.None);
        Assert.Equal([1, 2, 1], texts.Select(text => store.Reads[ContentRef.Of(Encoding.UTF8.GetBytes(text))]));
    }

    [Fact]
    public async Task Read_NoRoomAtAll_StillReads()
    {
        var set = await SplitAsync("Only this.");
        Assert.Equal("Only this.", await new ChunkReader(store, cacheBytes: 0).ReadAsync(new ChunkAddress(set.Set, 0), CancellationToken.None));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task Read_NoSuchChunk_NamesNumberAndCount(int index)
    {
        var set = await SplitAsync("Only this.");
        var error = await Assert.ThrowsAsync<PermanentFailureException>(async () => await new ChunkReader(store).ReadAsync(new ChunkAddress(set.Set, index), CancellationToken.None));
        Assert.Contains($"has no chunk {index}. It has 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"documents":[],"chunks":[0]}""")]
    [InlineData("""{"documents":[],"chunks":[0,0,1]}""")]
    [InlineData("""{"documents":[{"id":"a","content":{"sha256":"00","length":5}}],"chunks":[0,4,2]}""")]
    [InlineData("""{"documents":[{"id":"a","content":{"sha256":"00","length":5}}],"chunks":[0,-1,2]}""")]
    public async Task Read_NoChunkTable_SaysSo(string json)
    {
        var stored = await store.PutAsync(Encoding.UTF8.GetBytes(json), CancellationToken.None);
        var error = await Assert.ThrowsAsync<PermanentFailureException>(async () => await new ChunkReader(store).ReadAsync(new ChunkAddress(stored, 0), CancellationToken.None));
        Assert.Contains("is no chunk set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_StoreFailedOnce_ReadsAgainNextTime()
    {
        var set = await SplitAsync("Only this.");
        var reader = new ChunkReader(store);
        store.BeforeRead = _ => throw new IOException("The disk is away.");
        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(new ChunkAddress(set.Set, 0), CancellationToken.None));
        store.BeforeRead = null;
        Assert.Equal("Only this.", await reader.ReadAsync(new ChunkAddress(set.Set, 0), CancellationToken.None));
    }

    [Fact]
    public async Task Read_OneOfTwoWaitersCancelled_OnlyThatOneEnds()
    {
        var set = await SplitAsync("Only this.");
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.BeforeRead = _ => reading.Task;
        var reader = new ChunkReader(store);
        using var stop = new CancellationTokenSource();
        var first = reader.ReadAsync(new ChunkAddress(set.Set, 0), stop.Token).AsTask();
        var second = reader.ReadAsync(new ChunkAddress(set.Set, 0), CancellationToken.None).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        reading.SetResult();
        Assert.Equal("Only this.", await second);
    }

    [Fact]
    public async Task Read_AddressWithAbsurdLengths_LeavesTheReaderWorking()
    {
        var set = await SplitAsync("Only this.");
        var reader = new ChunkReader(store);
        foreach (var length in new[] { long.MaxValue, long.MaxValue, -1, long.MinValue })
            await Assert.ThrowsAsync<ContentNotFoundException>(async () => await reader.ReadAsync(new ChunkAddress(set.Set with { Length = length }, 0), CancellationToken.None));
        Assert.Equal("Only this.", await reader.ReadAsync(new ChunkAddress(set.Set, 0), CancellationToken.None));
    }

    [Fact]
    public void Constructor_NegativeCache_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkReader(store, cacheBytes: -1));

    private Task<ChunkSet> SplitAsync(params string[] texts) => new SplitDocumentActivity(store).RunAsync(
        new ActivityContext("run", "SplitDocument", 1),
        new SplitRequest { ChunkTokens = 50, Documents = [.. texts.Select((text, n) => new SourceDocument($"{n}", new Content { Text = text }))] },
        CancellationToken.None);
}
