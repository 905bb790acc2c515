using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Search.Vectors;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OpenAIEmbeddingGeneratorTests
{
    private const string Reply = """{"object":"list","model":"e-2025","data":[{"object":"embedding","index":1,"embedding":[0,1]},{"object":"embedding","index":0,"embedding":[1,0.5]}],"usage":{"prompt_tokens":7,"total_tokens":7}}""";

    [Fact]
    public async Task Generate_Texts_AreEmbeddedInTheirOrder()
    {
        var http = new CannedHttp(HttpStatusCode.OK, Reply);
        var embeddings = await Generator(http).GenerateAsync(["first", "second"], new() { Dimensions = 2 });
        Assert.Equal([1, 0.5f], embeddings[0].Vector.ToArray());
        Assert.Equal([0, 1], embeddings[1].Vector.ToArray());
        Assert.Equal("e-2025", embeddings[0].ModelId);
        Assert.Equal(7, embeddings.Usage?.InputTokenCount);
        var sent = JsonElement.Parse(http.Sent.Single());
        Assert.Equal(["first", "second"], sent.GetProperty("input").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal("e", sent.GetProperty("model").GetString());
        Assert.Equal(2, sent.GetProperty("dimensions").GetInt32());
    }

    [Fact]
    public async Task Generate_NoTexts_CallsNobody()
    {
        var http = new CannedHttp(HttpStatusCode.OK, Reply);
        Assert.Empty(await Generator(http).GenerateAsync([]));
        Assert.Empty(http.Sent);
    }

    [Fact]
    public async Task Generate_TooFewVectors_IsUnavailable()
    {
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => Generator(new CannedHttp(HttpStatusCode.OK, Reply)).GenerateAsync(["a", "b", "c"]));
        Assert.Contains("2 vectors came for 3 texts", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, typeof(ThrottledException))]
    [InlineData(HttpStatusCode.ServiceUnavailable, typeof(ThrottledException))]
    [InlineData(HttpStatusCode.InternalServerError, typeof(ModelUnavailableException))]
    [InlineData(HttpStatusCode.BadRequest, typeof(PermanentFailureException))]
    public async Task Generate_Refused_TellsRetriesWhatToDo(HttpStatusCode status, Type exception)
    {
        var error = await Assert.ThrowsAsync(exception, () => Generator(new CannedHttp(status, """{"error":{"message":"no"}}""", headers: ("Retry-After", "3"))).GenerateAsync(["a"]));
        if (error is ThrottledException throttled) Assert.Equal(TimeSpan.FromSeconds(3), throttled.RetryAfter);
    }

    [Fact]
    public void Resolve_WithoutEndpoint_IsHashedNgrams()
    {
        var catalog = new EmbeddingCatalog(new ModelOptions(), TimeProvider.System);
        Assert.Equal(HashedNgramEmbeddings.ModelName, catalog.Resolve("Embedding").Name);
        Assert.Equal("There is no embedding model 'x'. There are: embedding, hashed-ngrams.", Assert.Throws<PermanentFailureException>(() => catalog.Resolve("x")).Message);
    }

    [Fact]
    public void Resolve_WithEndpoint_IsItsModelAndHashedNgramsByName()
    {
        var catalog = new EmbeddingCatalog(new ModelOptions { Endpoint = new Uri("https://example.org/v1"), Embedding = new ModelChoice("e5", new ModelPrice(0.01m, 0)) }, TimeProvider.System);
        Assert.Equal(("e5", 0.01m), (catalog.Resolve("embedding").Name, catalog.Resolve("e5").Price.InputPerMillion));
        Assert.IsType<HashedNgramEmbeddings>(catalog.Resolve("hashed-ngrams").Generator);
    }

    private static OpenAIEmbeddingGenerator Generator(CannedHttp http) => new("e", new OpenAIConnection { Endpoint = new Uri("https://example.org/v1"), Key = "k", Http = new HttpClient(http) });
}
