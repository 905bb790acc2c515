using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using AgentFunctions.App.Models;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.App.Tests.Models;

public sealed class AzureOpenAIModelsTests
{
    private const string Reply = """{"id":"1","object":"chat.completion","created":1,"model":"mini","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hello","refusal":null},"logprobs":null}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    [Fact]
    public async Task Call_Deployment_GoesToTheV1ApiWithAToken()
    {
        using var handler = new Handler();
        using var http = new HttpClient(handler);
        var options = AzureOpenAIModels.Read(Settings(("AzureOpenAI:Endpoint", "https://name.openai.azure.com"), (ModelEnvironment.ModelPrefix + "FAST", "fast-1")));
        using var client = new OpenAIChatClient("fast-1", new OpenAIConnection { Endpoint = options.Endpoint!, Authentication = AzureOpenAIModels.Authentication(new Token()), Http = http });
        Assert.Equal("hello", (await client.GetResponseAsync("hi")).Text);
        Assert.Equal("https://name.openai.azure.com/openai/v1/chat/completions", handler.Address);
        Assert.Equal("Bearer token for https://ai.azure.com/.default", handler.Authorization);
        Assert.Contains("\"model\":\"fast-1\"", handler.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_WithAnEndpoint_ServesTiersAndDeployments()
    {
        var settings = Settings(("AzureOpenAI:Endpoint", "https://name.openai.azure.com/"), ("AzureOpenAI:Deployments", "fast-2, capable-2"), (ModelEnvironment.ModelPrefix + "FAST", "fast-1"));
        using var services = new ServiceCollection().AddModels(AzureOpenAIModels.Read(settings)).AddAzureOpenAI(settings, new Token()).BuildServiceProvider();
        var models = services.GetRequiredService<IModelCatalog>();
        Assert.Equal("fast-1", models.Resolve("fast").Name);
        Assert.Equal("capable-2", models.Resolve("capable-2").Name);
        Assert.NotNull(services.GetService<AuthenticationPolicy>());
    }

    [Fact]
    public void Read_NoEndpoint_IsTheEnvironmentsOwn()
    {
        Assert.Null(AzureOpenAIModels.Read(Settings()).Endpoint);
        Assert.Empty(new ServiceCollection().AddAzureOpenAI(Settings(), new Token()));
    }

    [Theory]
    [InlineData("name.openai.azure.com")]
    [InlineData("http://name.openai.azure.com")]
    public void Read_NoHttpsAddress_IsRefused(string endpoint) =>
        Assert.Contains($"AzureOpenAI:Endpoint is '{endpoint}'", Assert.Throws<OptionsValidationException>(() => AzureOpenAIModels.Read(Settings(("AzureOpenAI:Endpoint", endpoint)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_TwoEndpoints_IsRefused() =>
        Assert.Contains("Set one of them", Assert.Throws<OptionsValidationException>(() => AzureOpenAIModels.Read(Settings(("AzureOpenAI:Endpoint", "https://a"), (ModelEnvironment.Endpoint, "https://b/v1")))).Message, StringComparison.Ordinal);

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();

    private sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new($"token for {requestContext.Scopes.Single()}", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    private sealed class Handler : HttpMessageHandler
    {
        public string? Address { get; private set; }

        public string? Authorization { get; private set; }

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri!.AbsoluteUri;
            Authorization = request.Headers.Authorization?.ToString();
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Reply, Encoding.UTF8, "application/json"), RequestMessage = request };
        }
    }
}
