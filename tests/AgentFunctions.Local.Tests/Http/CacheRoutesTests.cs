using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Moq;

namespace AgentFunctions.Local.Tests.Http;

public sealed class CacheRoutesTests : IAsyncLifetime
{
    private static readonly string Key = new('a', 64);
    private readonly Mock<ICacheControl> cache = new(MockBehavior.Strict);
    private readonly List<CacheInvalidation> invalidated = [];
    private readonly List<CacheFeedback> words = [];
    private ApiHost host = null!;

    public async Task InitializeAsync()
    {
        cache.Setup(c => c.InvalidateAsync(Capture.In(invalidated), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        cache.Setup(c => c.FeedbackAsync(Capture.In(words), It.IsAny<CancellationToken>())).ReturnsAsync(new CacheFeedbackReceipt(0.87, Invalidated: true));
        host = await ApiHost.StartAsync(kestrel: true, cache: cache.Object);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Get_Report_IsJsonByKind()
    {
        cache.Setup(c => c.Report()).Returns(new CacheReport
        {
            Worker = "w-1",
            Since = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Entries = 2,
            Bytes = 300,
            MostBytes = 1000,
            StoreUp = true,
            Kinds = new Dictionary<CacheKind, CacheCounts> { [CacheKind.Reasoning] = new() { Misses = 1 }, [CacheKind.Response] = new() { MemoryHits = 3, SemanticHits = 1, FalseHits = 2, Saved = new Cost(10, 5, 0.5m) } },
            Thresholds = new Dictionary<string, double>(StringComparer.Ordinal) { ["acme"] = 0.9 },
        });

        var answer = await host.GetAsync("/api/cache");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var kinds = answer.Body.GetProperty("kinds");
        Assert.Equal(["response", "reasoning"], kinds.EnumerateObject().Select(kind => kind.Name));
        var response = kinds.GetProperty("response");
        Assert.Equal((3, 1, 2, 0), (response.GetProperty("memoryHits").GetInt64(), response.GetProperty("semanticHits").GetInt64(), response.GetProperty("falseHits").GetInt64(), response.GetProperty("misses").GetInt64()));
        Assert.Equal(0.5m, response.GetProperty("saved").GetProperty("usd").GetDecimal());
        Assert.Equal(("w-1", 2, 300, 1000, true), (answer.Text("worker"), answer.Body.GetProperty("entries").GetInt64(), answer.Body.GetProperty("bytes").GetInt64(), answer.Body.GetProperty("mostBytes").GetInt64(), answer.Body.GetProperty("storeUp").GetBoolean()));
        Assert.Equal(0.9, answer.Body.GetProperty("thresholds").GetProperty("acme").GetDouble());
    }

    public static TheoryData<string, string?, CacheInvalidation> Invalidations => new()
    {
        { "all=true", null, new CacheInvalidation() },
        { "tag=prices", null, new CacheInvalidation { Tag = "prices" } },
        { "tag=customer%3A17", null, new CacheInvalidation { Tag = "customer:17" } },
        { "kind=tool", null, new CacheInvalidation { Kind = CacheKind.Tool } },
        { "kind=Response&tenant=acme", null, new CacheInvalidation { Kind = CacheKind.Response, Tenant = "acme" } },
        { "tenant=acme", null, new CacheInvalidation { Tenant = "acme" } },
        { "tenant=acme&all=true", null, new CacheInvalidation { Tenant = "acme" } },
        { $"tenant=acme&key={new string('a', 64)}", null, new CacheInvalidation { Tenant = "acme", Key = new string('a', 64) } },
        { "tag=prices", "acme", new CacheInvalidation { Tenant = "acme", Tag = "prices" } },
        { "tenant=acme", "acme", new CacheInvalidation { Tenant = "acme" } },
        { "all=true", "acme", new CacheInvalidation { Tenant = "acme" } },
        { $"key={new string('a', 64)}", "acme", new CacheInvalidation { Tenant = "acme", Key = new string('a', 64) } },
    };

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Delete_Selection_InvalidatesThatAndSaysSo(string query, string? sender, CacheInvalidation expected)
    {
        var answer = await DeleteAsync(query, sender);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, Assert.Single(invalidated));
        var told = answer.Body.GetProperty("invalidated");
        Assert.Equal((expected.Tenant, expected.Tag, expected.Key, expected.Kind?.ToString()), (Told(told, "tenant"), Told(told, "tag"), Told(told, "key"), Told(told, "kind")));
    }

    [Theory]
    [InlineData("", null, "of every tenant, give all=true")]
    [InlineData("", "acme", "of tenant 'acme', give all=true")]
    [InlineData("all=true&tag=prices", null, "all=true")]
    [InlineData("tenant=globex&all=true", "acme", "'globex'")]
    public async Task Delete_Unclear_InvalidatesNothing(string query, string? sender, string says)
    {
        var answer = await DeleteAsync(query, sender);

        Assert.Contains(says, answer.Problem(400, "invalid-request"), StringComparison.Ordinal);
        Assert.Empty(invalidated);
    }

    [Fact]
    public async Task Delete_StoreDown_Is503WithRetryAfterAndNothingIsLoggedAsOurFault()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new CacheUnavailableException("The store did not answer in 2 s. Try again.", new IOException("secret")));

        var answer = await DeleteAsync("tag=prices");

        Assert.Equal("The store did not answer in 2 s. Try again.", answer.Problem(503, "cache-unavailable"));
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task Delete_RefusedByTheCacheItself_Is400InItsWords()
    {
        cache.Setup(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>())).ThrowsAsync(new PermanentFailureException("The tag 'x' is reserved."));

        Assert.Equal("The tag 'x' is reserved.", (await DeleteAsync("tag=x")).Problem(400, "invalid-request"));
    }

    [Fact]
    public async Task Delete_Draining_IsRefusedAndReadingIsNot()
    {
        cache.Setup(c => c.Report()).Returns(new CacheReport { Worker = "w", Since = default, Entries = 0, Bytes = 0, MostBytes = 0, StoreUp = false, Kinds = new Dictionary<CacheKind, CacheCounts>(), Thresholds = new Dictionary<string, double>(StringComparer.Ordinal) });
        await host.State.DrainAsync();

        (await DeleteAsync("tag=prices")).Problem(503, "draining");
        Assert.Empty(invalidated);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/cache")).Status);
    }

    [Theory]
    [InlineData("", null, Tenants.Default)]
    [InlineData("\"tenant\":\"acme\",", null, "acme")]
    [InlineData("\"tenant\":\"acme\",", "acme", "acme")]
    [InlineData("", "acme", "acme")]
    public async Task Feedback_Word_ReachesTheCacheOfItsTenant(string tenant, string? sender, string expected)
    {
        var body = $$"""{{{tenant}}"key":"{{Key}}","question":"Is it open?","matched":"Is it closed?","right":false}""";

        var answer = await host.PostAsync("/api/cache/feedback", body, sender is null ? [] : [("X-Tenant", sender)]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"threshold":0.87,"invalidated":true}""", answer.Body.GetRawText());
        Assert.Equal(new CacheFeedback { Tenant = expected, Key = Key, Question = "Is it open?", Matched = "Is it closed?", Right = false }, Assert.Single(words));
    }

    [Fact]
    public async Task Feedback_SeveralMistakes_AreAllTold()
    {
        var answer = await host.PostAsync("/api/cache/feedback", """{"tenant":"A","key":"1","question":" ","right":true}""");

        answer.Problem(400, "invalid-body");
        Assert.Equal(["key", "question", "tenant"], answer.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Empty(words);
    }

    [Fact]
    public async Task Feedback_StoreDown_Is503()
    {
        cache.Setup(c => c.FeedbackAsync(It.IsAny<CacheFeedback>(), It.IsAny<CancellationToken>())).ThrowsAsync(new CacheUnavailableException("down", new IOException()));

        (await host.PostAsync("/api/cache/feedback", $$"""{"key":"{{Key}}","question":"q","right":true}""")).Problem(503, "cache-unavailable");
    }

    [Fact]
    public async Task Routes_HostWithoutACache_SayThatThereIsNone()
    {
        await using var bare = await ApiHost.StartAsync();

        (await bare.GetAsync("/api/cache")).Problem(501, "no-cache");
        (await bare.SendAsync(HttpMethod.Delete, "/api/cache?all=true")).Problem(501, "no-cache");
        (await bare.PostAsync("/api/cache/feedback", $$"""{"key":"{{Key}}","question":"q","right":true}""")).Problem(501, "no-cache");
    }

    private Task<Answer> DeleteAsync(string query, string? sender = null) =>
        host.SendAsync(HttpMethod.Delete, query.Length == 0 ? "/api/cache" : $"/api/cache?{query}", headers: sender is null ? [] : [("X-Tenant", sender)]);

    private static string? Told(JsonElement told, string name) => told.TryGetProperty(name, out var value) ? value.GetString() : null;
}
