using AgentFunctions.App.Storage;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Tests.Storage;

public sealed class BlobContentStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeBlobs blobs = new();
    private readonly BlobContentStore store;

    public BlobContentStoreTests() => store = new BlobContentStore(blobs);

    [Fact]
    public async Task Put_Value_CanBeRead()
    {
        var content = await store.PutAsync("text"u8.ToArray(), None);
        Assert.Equal(ContentRef.Of("text"u8), content);
        Assert.Equal("text"u8.ToArray(), (await store.GetAsync(content, None)).ToArray());
        Assert.True(await store.ExistsAsync(content, None));
        Assert.Equal($"{content.Sha256[..2]}/{content.Sha256}", Assert.Single(blobs.Values).Key);
    }

    [Fact]
    public async Task Put_Twice_StoresOnce()
    {
        await store.PutAsync("text"u8.ToArray(), None);
        await store.PutAsync("text"u8.ToArray(), None);
        Assert.Single(blobs.Values);
    }

    [Theory]
    [InlineData("not a hash", 4)]
    [InlineData("../../../../etc", 4)]
    public async Task Get_NoAddress_IsNotFoundWithoutALookUp(string sha256, long length)
    {
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(new ContentRef(sha256, length), None));
        Assert.False(await store.ExistsAsync(new ContentRef(sha256, length), None));
        Assert.Equal(0, blobs.Reads);
    }

    [Fact]
    public async Task Get_Unknown_IsNotFound()
    {
        var gone = ContentRef.Of("gone"u8);
        Assert.Same(gone, (await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(gone, None))).Content);
        Assert.False(await store.ExistsAsync(gone, None));
    }

    [Fact]
    public async Task Get_DamagedBlob_SaysSo()
    {
        var content = await store.PutAsync("text"u8.ToArray(), None);
        blobs.Values[$"{content.Sha256[..2]}/{content.Sha256}"] = "teXt"u8.ToArray();
        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(() => store.GetAsync(content, None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WrongLength_IsNotFound()
    {
        var content = await store.PutAsync("text"u8.ToArray(), None);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(content with { Length = 5 }, None));
    }

    private sealed class FakeBlobs : IBlobPort
    {
        public Dictionary<string, byte[]> Values { get; } = new(StringComparer.Ordinal);

        public int Reads { get; private set; }

        public Task PutIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        {
            Values.TryAdd(name, value.ToArray());
            return Task.CompletedTask;
        }

        public Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult(Values.TryGetValue(name, out var value) ? new ReadOnlyMemory<byte>(value) : (ReadOnlyMemory<byte>?)null);
        }

        public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult(Values.ContainsKey(name));
        }
    }
}
