using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Local.ProviderSimulator;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>The official OpenAI SDK, as its users use it, and plain HTTP against the simulator.</summary>
public sealed class OpenAISdkTests
{
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0 };

    [Fact]
    public async Task CompleteChat_SdkWithItsOwnRetries_HonoursRetryAfter()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { RequestsPerMinute = 60 });
        var client = new ChatClient("m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = provider.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 3) });
        using var http = new HttpClient();
        while (provider.Stats.ThrottledByRequests == 0)
        {
            using var response = await http.PostAsync(new Uri(provider.Address, "/v1/embeddings"), new StringContent("""{"model":"e","input":"a"}"""));
        }

        // The bucket is empty and gets one request a second: the SDK is refused at most once, as it then waits as long as it was told.
        var completion = await client.CompleteChatAsync("A canal joins two seas.");
        Assert.InRange(provider.Stats.ThrottledByRequests, 1, 2);
        Assert.Equal("A canal joins two seas.", completion.Value.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChatStreaming_Sdk_GetsWordsAndUsage()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var client = new ChatClient("m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = provider.Endpoint });
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync("A canal joins two seas."))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            usage ??= update.Usage;
        }

        Assert.Equal("A canal joins two seas.", text.ToString());
        Assert.Equal(6, usage?.OutputTokenCount);
    }

    [Fact]
    public async Task GenerateEmbeddings_Sdk_NearerForTextsThatShareWords()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var client = new EmbeddingClient("e", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = provider.Endpoint });
        var result = (await client.GenerateEmbeddingsAsync(["How do I reset my password?", "Resetting a password", "Ducks swim on canals.", "How do I reset my password?"])).Value;
        var vectors = result.Select(embedding => embedding.ToFloats().ToArray()).ToList();
        Assert.All(vectors, vector => Assert.Equal(1536, vector.Length));
        Assert.All(vectors, vector => Assert.Equal(1, Dot(vector, vector), 3));
        Assert.Equal(vectors[0], vectors[3]);
        Assert.True(Dot(vectors[0], vectors[1]) > Dot(vectors[0], vectors[2]) + 0.1);

        var few = (await client.GenerateEmbeddingAsync("text", new EmbeddingGenerationOptions { Dimensions = 8 })).Value;
        Assert.Equal(8, few.ToFloats().Length);
    }

    [Fact]
    public async Task Post_AzureStylePath_AnswersAsTheDeployment()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(provider.Address, "/openai/deployments/prod-4/chat/completions?api-version=2024-10-21"), new StringContent("""{"messages":[{"role":"user","content":[{"type":"text","text":"A canal joins two seas."}]}],"max_tokens":50}"""));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("prod-4", body.RootElement.GetProperty("model").GetString());
        Assert.Equal("A canal joins two seas.", body.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", body.RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Post_OverTheLimit_SendsOpenAIsHeaders()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { RequestsPerMinute = 1, TokensPerMinute = 1000 }, new ManualTime());
        using var http = new HttpClient();
        var url = new Uri(provider.Address, "/v1/embeddings");
        using var first = await http.PostAsync(url, new StringContent("""{"model":"e","input":"abcd"}"""));
        using var second = await http.PostAsync(url, new StringContent("""{"model":"e","input":"abcd"}"""));
        Assert.Equal(["1"], first.Headers.GetValues("x-ratelimit-limit-requests"), StringComparer.Ordinal);
        Assert.Equal(["0"], first.Headers.GetValues("x-ratelimit-remaining-requests"), StringComparer.Ordinal);
        Assert.Equal(["60000ms"], first.Headers.GetValues("x-ratelimit-reset-requests"), StringComparer.Ordinal);
        Assert.Equal(["999"], first.Headers.GetValues("x-ratelimit-remaining-tokens"), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(["60"], second.Headers.GetValues("Retry-After"), StringComparer.Ordinal);
        Assert.Equal(["60000"], second.Headers.GetValues("retry-after-ms"), StringComparer.Ordinal);
        Assert.Contains("rate_limit_exceeded", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "", 400)]
    [InlineData("/v1/chat/completions", "{", 400)]
    [InlineData("/v1/chat/completions", "null", 400)]
    [InlineData("/v1/chat/completions", "[]", 400)]
    [InlineData("/v1/chat/completions", "{}", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m"}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[]}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[null]}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"king","content":"x"}]}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":2000000000}""", 400)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":"x"}""", 400)]
    [InlineData("/v1/embeddings", """{"model":"e"}""", 400)]
    [InlineData("/v1/embeddings", """{"model":"e","input":[]}""", 400)]
    [InlineData("/v1/embeddings", """{"model":"e","input":[1,2]}""", 400)]
    [InlineData("/v1/embeddings", """{"model":"e","input":"x","dimensions":0}""", 400)]
    [InlineData("/v1/embeddings", """{"model":"e","input":"x","encoding_format":"hex"}""", 400)]
    [InlineData("/v1/nothing", "{}", 404)]
    public async Task Post_WrongRequest_IsRejectedInOpenAIsWords(string path, string body, int status)
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(provider.Address, path), new StringContent(body));
        Assert.Equal(status, (int)response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(error.RootElement.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal("invalid_request_error", error.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(1, provider.Stats.Rejected);
    }

    [Fact]
    public async Task Get_ModelsAndStats_AreServed()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var http = new HttpClient();
        using var models = JsonDocument.Parse(await http.GetStringAsync(new Uri(provider.Address, "/v1/models")));
        using var stats = JsonDocument.Parse(await http.GetStringAsync(new Uri(provider.Address, "/stats")));
        Assert.Equal("offline-extractive", models.RootElement.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal(0, stats.RootElement.GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Start_PortTaken_SaysSo()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var error = await Assert.ThrowsAsync<IOException>(() => SimulatedProvider.StartAsync(Quick with { Port = provider.Address.Port }));
        Assert.Contains(provider.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    private static float Dot(float[] left, float[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
