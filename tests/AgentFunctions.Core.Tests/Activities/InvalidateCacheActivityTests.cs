using System.Text;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class InvalidateCacheActivityTests
{
    private readonly Mock<ICacheControl> cache = new();
    private readonly List<CacheInvalidation> done = [];

    public InvalidateCacheActivityTests() => cache.Setup(c => c.InvalidateAsync(Capture.In(done), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);

    [Theory]
    [InlineData("acme~run", "acme")]
    [InlineData("acme~run:0001:0002", "acme")]
    [InlineData("run", Tenants.Default)]
    public async Task RunAsync_NoTenant_IsTheRunsOwn(string instanceId, string tenant)
    {
        var receipt = await RunAsync(instanceId, new CacheInvalidation { Tag = "prices" });
        Assert.Equal(new CacheInvalidation { Tenant = tenant, Tag = "prices" }, Assert.Single(done));
        Assert.Equal(done[0], receipt.Invalidated);
    }

    [Fact]
    public async Task RunAsync_NothingNamed_IsAllOfTheRunsOwnTenantAndNeverAllTenants()
    {
        await RunAsync("acme~run", new CacheInvalidation());
        Assert.Equal(new CacheInvalidation { Tenant = "acme" }, Assert.Single(done));
    }

    [Fact]
    public async Task RunAsync_Twice_AsksTheSameTwice()
    {
        await RunAsync("acme~run", new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool });
        await RunAsync("acme~run", new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool });
        Assert.Equal(2, done.Count);
        Assert.Equal(done[0], done[1]);
    }

    [Theory]
    [InlineData("acme~run", "globex")]
    [InlineData("run", "acme")]
    [InlineData("acme~run", Tenants.Default)]
    public async Task RunAsync_AnotherTenant_IsRefusedForGood(string instanceId, string tenant)
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(instanceId, new CacheInvalidation { Tenant = tenant, Tag = "prices" }));
        Assert.Contains($"'{tenant}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(done);
    }

    [Fact]
    public async Task RunAsync_Misfit_IsRefusedForGood()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync("run", new CacheInvalidation { Key = "short" }));
        Assert.Contains("'short'", error.Message, StringComparison.Ordinal);
        Assert.Empty(done);
    }

    [Fact]
    public async Task RunAsync_StoreDown_FailsSoThatARetryPolicyTriesAgain()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new CacheUnavailableException("down", new IOException()));
        var error = await Assert.ThrowsAsync<CacheUnavailableException>(() => RunAsync("run", new CacheInvalidation { Tag = "prices" }));
        Assert.False(FailureDetails.From(error).Permanent);
    }

    [Fact]
    public async Task Catalog_Activity_TakesAndGivesJson()
    {
        var catalog = AgentFunctionsCatalog.Create();
        var services = Mock.Of<IServiceProvider>(host => host.GetService(typeof(ICacheControl)) == cache.Object);
        var output = await catalog.Activities["InvalidateCache"].RunAsync(services, new ActivityContext("acme~run", "InvalidateCache", 1), """{"kind":"Tool"}"""u8.ToArray(), catalog.Json, CancellationToken.None);
        Assert.Equal("""{"invalidated":{"tenant":"acme","kind":"Tool"}}""", Encoding.UTF8.GetString(output.Span));
        Assert.Equal(new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool }, Assert.Single(done));
    }

    private Task<CacheInvalidationReceipt> RunAsync(string instanceId, CacheInvalidation input) =>
        new InvalidateCacheActivity(cache.Object).RunAsync(new ActivityContext(instanceId, "InvalidateCache", 1), input, CancellationToken.None);
}
