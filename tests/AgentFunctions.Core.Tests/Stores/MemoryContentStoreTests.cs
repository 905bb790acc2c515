using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Stores;

public sealed class MemoryContentStoreTests
{
    private readonly MemoryContentStore store = new();

    [Fact]
    public async Task Put_Value_CanBeRead()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        Assert.Equal(ContentRef.Of("text"u8), content);
        Assert.Equal("text"u8.ToArray(), (await store.GetAsync(content, CancellationToken.None)).ToArray());
        Assert.True(await store.ExistsAsync(content, CancellationToken.None));
    }

    [Fact]
    public async Task Put_Twice_StoresOnce()
    {
        Assert.Equal(await store.PutAsync("text"u8.ToArray(), CancellationToken.None), await store.PutAsync("text"u8.ToArray(), CancellationToken.None));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public async Task Put_BufferChangedAfterwards_KeepsTheValue()
    {
        var buffer = "text"u8.ToArray();
        var content = await store.PutAsync(buffer, CancellationToken.None);
        buffer[0] = 0;
        Assert.Equal("text"u8.ToArray(), (await store.GetAsync(content, CancellationToken.None)).ToArray());
    }

    [Fact]
    public async Task Get_Unknown_IsNotFound()
    {
        var gone = ContentRef.Of("gone"u8);
        Assert.Same(gone, (await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(gone, CancellationToken.None))).Content);
        Assert.False(await store.ExistsAsync(gone, CancellationToken.None));
    }

    [Fact]
    public async Task Get_WrongLength_IsNotFound()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(content with { Length = 5 }, CancellationToken.None));
    }

    [Fact]
    public async Task Any_Cancelled_DoesNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync("text"u8.ToArray(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync(ContentRef.Of("text"u8), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ExistsAsync(ContentRef.Of("text"u8), cancelled));
        Assert.Equal(0, store.Count);
    }
}
