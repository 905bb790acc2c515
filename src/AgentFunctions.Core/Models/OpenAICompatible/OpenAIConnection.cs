using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>How to reach an OpenAI-compatible API.</summary>
public sealed record OpenAIConnection
{
    // The SDK refuses an empty key; servers without keys ignore the header.
    private const string NoKey = "none";

    /// <summary>The base address with the API's version: <c>https://api.openai.com/v1</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The API key. Default: none, which local servers accept.</summary>
    public string? Key { get; init; }

    /// <summary>What proves who calls, in place of <see cref="Key"/>: tokens of a managed identity. Default: none, and the key is sent.</summary>
    public AuthenticationPolicy? Authentication { get; init; }

    /// <summary>How long to wait for the answer, or between two pieces of a streamed one. Default: 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The clock that a Retry-After date is compared with. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether a conversation's name is sent as <c>prompt_cache_key</c>, by which OpenAI sends calls with one beginning to the machine that has read it
    /// (https://platform.openai.com/docs/guides/prompt-caching). Default: only to OpenAI and Azure OpenAI, since others may refuse what they do not know.
    /// </summary>
    public bool? SendsCacheKey { get; init; }

    /// <summary>What sends the requests. Default: one client that all connections share.</summary>
    public HttpClient? Http { get; init; }

    internal bool TakesCacheKey => SendsCacheKey ?? (Endpoint.Host is var host && (host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The SDK's client over this connection. It makes one attempt for each call.</summary>
    internal OpenAIClient CreateClient()
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = Endpoint,
            NetworkTimeout = Timeout,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            UserAgentApplicationId = "AgentFunctions",
        };
        if (Http is { } http) options.Transport = new HttpClientPipelineTransport(http);
#pragma warning disable OPENAI001 // Marked as experimental, but the documented way to call with tokens.
        return Authentication is { } authentication
            ? new OpenAIClient(authentication, options)
            : new OpenAIClient(new ApiKeyCredential(string.IsNullOrEmpty(Key) ? NoKey : Key), options);
#pragma warning restore OPENAI001
    }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"OpenAIConnection {{ Endpoint = {Endpoint}, Timeout = {Timeout} }}";
}
