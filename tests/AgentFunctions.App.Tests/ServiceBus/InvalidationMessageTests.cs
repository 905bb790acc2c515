using System.Text;
using AgentFunctions.Api;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class InvalidationMessageTests
{
    private readonly Mock<ICacheControl> cache = new();
    private readonly List<CacheInvalidation> done = [];
    private readonly FakeRuns runs = new();

    public InvalidationMessageTests() => cache.Setup(c => c.InvalidateAsync(Capture.In(done), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);

    public static TheoryData<string?, string, string?, CacheInvalidation> Messages => new()
    {
        { "cache.invalidate", """{"tag":"prices"}""", null, new CacheInvalidation { Tag = "prices" } },
        { "Cache.Invalidate", """{"kind":"tool"}""", null, new CacheInvalidation { Kind = CacheKind.Tool } },
        { "cache.invalidate", """{"invalidate":{"tag":"prices"}}""", null, new CacheInvalidation { Tag = "prices" } },
        { null, """{"invalidate":{"tenant":"acme","kind":"Response"}}""", null, new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Response } },
        { "", """{"invalidate":{"all":true}}""", null, new CacheInvalidation() },
        { "cache.invalidate", """{"all":true}""", "acme", new CacheInvalidation { Tenant = "acme" } },
        { "cache.invalidate", """{"tag":"prices"}""", "acme", new CacheInvalidation { Tenant = "acme", Tag = "prices" } },
        { "cache.invalidate", """{"tenant":"acme","key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", null, new CacheInvalidation { Tenant = "acme", Key = new string('a', 64) } },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Process_Invalidation_IsDoneAndStartsNothing(string? subject, string body, string? tenant, CacheInvalidation expected)
    {
        var disposition = await ProcessAsync(Message(subject, body, tenant));
        Assert.Equal(new Disposition.Invalidated(expected), disposition);
        Assert.Equal(expected, Assert.Single(done));
        Assert.Empty(runs.Started);
    }

    [Theory]
    [InlineData("cache.invalidate", "{}", null, "invalid-request", "all=true")]
    [InlineData(null, """{"invalidate":{}}""", null, "invalid-request", "all=true")]
    [InlineData("cache.invalidate", """{"all":true,"tag":"prices"}""", null, "invalid-request", "Everything is asked for")]
    [InlineData("cache.invalidate", """{"tag":"prices","kind":"tool"}""", null, "invalid-request", "can't be combined")]
    [InlineData("cache.invalidate", """{"key":"abc","tenant":"acme"}""", null, "invalid-request", "'abc'")]
    [InlineData("cache.invalidate", """{"tenant":"Acme"}""", null, "invalid-request", "'Acme'")]
    [InlineData("cache.invalidate", """{"tenant":"globex"}""", "acme", "invalid-request", "'acme'")]
    [InlineData("cache.invalidate", """{"tag":"prices"}""", "Acme", "invalid-request", "'Acme'")]
    [InlineData("cache.invalidate", """{"tags":["prices"]}""", null, "invalid-body", "tags")]
    [InlineData("cache.invalidate", """{"kind":"answers"}""", null, "invalid-body", "kind")]
    [InlineData("cache.invalidate", """{"all":"yes"}""", null, "invalid-body", "all")]
    [InlineData("cache.invalidate", """[]""", null, "invalid-body", "an object")]
    [InlineData("cache.invalidate", "", null, "invalid-json", "The body is empty")]
    [InlineData("cache.invalidate", "prices", null, "invalid-json", "line 1")]
    [InlineData(null, """{"tag":"prices"}""", null, "invalid-request", "names no orchestrator")]
    [InlineData(null, """{"invalidate":{"tag":"prices"},"x":1}""", null, "invalid-request", "names no orchestrator")]
    [InlineData("ToolFanOut", """{"invalidate":{"tag":"prices"}}""", null, "invalid-input", "invalidate")]
    public async Task Process_Misfit_IsDeadWithAReasonAndInvalidatesNothing(string? subject, string body, string? tenant, string reason, string says)
    {
        var dead = Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Message(subject, body, tenant) with { MessageId = "m-1" }));
        Assert.Equal(reason, dead.Reason);
        Assert.Contains(says, dead.Description, StringComparison.Ordinal);
        Assert.Empty(done);
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Process_StoreDown_IsGivenBackWithADelayAndDoneWhenItIsBack()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new CacheUnavailableException("The store is down.", new IOException()));
        var message = Message("cache.invalidate", """{"tag":"prices"}""");
        var abandon = Assert.IsType<Disposition.Abandon>(await ProcessAsync(message with { DeliveryCount = 3 }));
        Assert.Equal(TimeSpan.FromSeconds(4), abandon.Delay);
        Assert.Contains("The store is down.", (string)abandon.Properties[AgentTaskProcessor.FailureProperty], StringComparison.Ordinal);

        cache.Setup(c => c.InvalidateAsync(Capture.In(done), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        Assert.IsType<Disposition.Invalidated>(await ProcessAsync(message with { DeliveryCount = 4 }));
        Assert.Single(done);
    }

    [Fact]
    public async Task Process_RefusedByTheCacheItself_IsDead()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new PermanentFailureException("No."));
        Assert.Equal(new Disposition.DeadLetter("invalid-request", "No."), await ProcessAsync(Message("cache.invalidate", """{"tag":"prices"}""")));
    }

    [Fact]
    public async Task Process_HostWithoutACache_IsGivenBack() =>
        Assert.IsType<Disposition.Abandon>(await ProcessAsync(Message("cache.invalidate", """{"tag":"prices"}"""), withCache: false));

    private static AgentTaskMessage Message(string? subject, string body, string? tenant = null) => new()
    {
        Subject = subject,
        Body = Encoding.UTF8.GetBytes(body),
        ApplicationProperties = tenant is null ? new Dictionary<string, object>(StringComparer.Ordinal) : new Dictionary<string, object>(StringComparer.Ordinal) { ["tenant"] = tenant },
    };

    private Task<Disposition> ProcessAsync(AgentTaskMessage message, bool withCache = true)
    {
        var environment = new ApiEnvironment(AgentFunctionsCatalog.Create(), new MemoryContentStore(), Options.Create(new ApiOptions()), Mock.Of<IHostState>(), TimeProvider.System, NullLogger<ApiEnvironment>.Instance, new ApiParts { Cache = withCache ? cache.Object : null });
        return new AgentTaskProcessor(environment, TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance).ProcessAsync(message, runs.Client, CancellationToken.None);
    }
}
