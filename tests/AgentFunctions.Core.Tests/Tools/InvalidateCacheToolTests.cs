using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Moq;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class InvalidateCacheToolTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly Mock<ICacheControl> cache = new();
    private readonly List<CacheInvalidation> done = [];

    public InvalidateCacheToolTests() => cache.Setup(c => c.InvalidateAsync(Capture.In(done), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);

    [Fact]
    public async Task Call_Tag_InvalidatesItForTheRunsTenant()
    {
        var reply = await CallAsync("""{"tag":"prices"}""");
        Assert.Equal(new CacheInvalidation { Tenant = "acme", Tag = "prices" }, Assert.Single(done));
        Assert.Equal("""{"tenant":"acme","tag":"prices"}""", reply.Value!.Value.GetRawText());
    }

    [Fact]
    public async Task Call_KindOrKey_InvalidatesThem()
    {
        await CallAsync("""{"kind":"Tool"}""");
        await CallAsync($$"""{"key":"{{Key}}"}""");
        Assert.Equal([new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool }, new CacheInvalidation { Tenant = "acme", Key = Key }], done);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"tag":"prices","kind":"Tool"}""")]
    [InlineData("""{"tag":""}""")]
    [InlineData("""{"kind":"tool"}""")]
    [InlineData("""{"key":"abc"}""")]
    [InlineData("""{"tenant":"globex"}""")]
    [InlineData("""{"tag":"prices","tenant":"globex"}""")]
    public async Task Call_ArgumentsThatDoNotFit_AreRefused(string arguments)
    {
        await Assert.ThrowsAsync<ToolArgumentsException>(() => CallAsync(arguments));
        Assert.Empty(done);
    }

    [Fact]
    public async Task Call_NotByARun_IsRefused()
    {
        Assert.Contains("was not called by a run", await new InvalidateCacheTool(() => cache.Object).RefusalAsync("""{"tag":"prices"}"""), StringComparison.Ordinal);
        Assert.Empty(done);
    }

    [Fact]
    public async Task Call_HostWithoutACache_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ToolFailedException>(() => CallAsync("""{"tag":"prices"}""", new InvalidateCacheTool(() => null)));
        Assert.Contains("keeps none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_StoreDown_MayBeTriedAgain()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new CacheUnavailableException("down", new IOException()));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => CallAsync("""{"tag":"prices"}"""));
    }

    [Fact]
    public void Effect_IsIdempotent() => Assert.Equal(ToolEffect.Idempotent, ToolTraits.Of(new InvalidateCacheTool(() => null)).Effect);

    private Task<ToolReply> CallAsync(string arguments, InvalidateCacheTool? tool = null) =>
        new CallToolActivity(new ToolRegistry([tool ?? new InvalidateCacheTool(() => cache.Object)]), new MemoryContentStore())
            .RunAsync(new ActivityContext("acme~run:0001", "CallTool", 1), new ToolCall { Tool = "cache-invalidate", Arguments = JsonElement.Parse(arguments) }, CancellationToken.None);
}
