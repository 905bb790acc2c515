using AgentFunctions.App.Storage;
using AgentFunctions.Conformance.Stores;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>The content store over any container.</summary>
public abstract class ContentStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ObservedBlobs blobs;
    private readonly BlobContentStore store;

    /// <param name="blobs">An empty container, or one that is not there yet.</param>
    private protected ContentStoreContract(IBlobPort blobs)
    {
        this.blobs = new ObservedBlobs(blobs);
        store = new BlobContentStore(this.blobs);
    }

    [ContractFact]
    public async Task Put_Value_CanBeRead()
    {
        var content = await store.PutAsync("text"u8.ToArray(), None);
        Assert.Equal(ContentRef.Of("text"u8), content);
        Assert.Equal("text"u8.ToArray(), (await store.GetAsync(content, None)).ToArray());
        Assert.True(await store.ExistsAsync(content, None));
        Assert.True(await blobs.ExistsAsync($"{content.Sha256[..2]}/{content.Sha256}", None));
    }

    [ContractFact]
    public async Task Put_ManyAtOnce_AllHaveItsAddress()
    {
        var value = Bytes(100_000);
        var contents = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.PutAsync(value, None)));
        Assert.Equal(ContentRef.Of(value), Assert.Single(contents.Distinct()));
        Assert.True((await store.GetAsync(contents[0], None)).Span.SequenceEqual(value));
    }

    [ContractFact]
    public async Task Put_AnyLength_ReadsBack()
    {
        foreach (var length in (int[])[0, 1, CallToolActivity.InlineBytes + 1, 1024 * 1024, 9 * 1024 * 1024])
        {
            var value = Bytes(length);
            Assert.True((await store.GetAsync(await store.PutAsync(value, None), None)).Span.SequenceEqual(value), $"{length} bytes came back as others.");
        }
    }

    [ContractFact]
    public async Task Put_OverABlob_LeavesItAsItIs()
    {
        await blobs.PutIfAbsentAsync("a/b", "first"u8.ToArray(), None);
        await blobs.PutIfAbsentAsync("a/b", "second"u8.ToArray(), None);
        Assert.Equal("first"u8.ToArray(), (await blobs.GetAsync("a/b", None))!.Value.ToArray());
    }

    [ContractFact]
    public async Task Get_NoAddress_IsNotFoundWithoutALookUp()
    {
        foreach (var sha256 in (string[])["not a hash", "../../../../etc"])
        {
            await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(new ContentRef(sha256, 4), None));
            Assert.False(await store.ExistsAsync(new ContentRef(sha256, 4), None));
        }

        Assert.Equal(0, blobs.Reads);
    }

    [ContractFact]
    public async Task Get_Unknown_IsNotFound()
    {
        var gone = ContentRef.Of("gone"u8);
        Assert.Same(gone, (await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(gone, None))).Content);
        Assert.False(await store.ExistsAsync(gone, None));
    }

    [ContractFact]
    public async Task Get_DamagedBlob_SaysSo()
    {
        var content = ContentRef.Of("text"u8);
        await blobs.PutIfAbsentAsync(BlobContentStore.NameOf(content), "teXt"u8.ToArray(), None);
        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(() => store.GetAsync(content, None))).Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Get_WrongLength_IsNotFound()
    {
        var content = await store.PutAsync("text"u8.ToArray(), None);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(content with { Length = 5 }, None));
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
