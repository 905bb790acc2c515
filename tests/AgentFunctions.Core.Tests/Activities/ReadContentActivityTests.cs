using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class ReadContentActivityTests
{
    private static readonly ActivityContext Context = new("run", "ReadContent", 1);
    private readonly Mock<IContentStore> store = new();

    [Fact]
    public async Task Run_StoredText_IsRead()
    {
        var address = ContentRef.Of("täxt"u8);
        store.Setup(s => s.GetAsync(address, It.IsAny<CancellationToken>())).ReturnsAsync("täxt"u8.ToArray());
        Assert.Equal("täxt", await new ReadContentActivity(store.Object).RunAsync(Context, address, CancellationToken.None));
    }

    [Fact]
    public async Task Run_NoAddress_IsPermanent() => await Assert.ThrowsAsync<PermanentFailureException>(() => new ReadContentActivity(store.Object).RunAsync(Context, new ContentRef("../../etc/passwd", 3), CancellationToken.None));
}
