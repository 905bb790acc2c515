using System.ClientModel.Primitives;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>How to reach an OpenAI-compatible API.</summary>
public sealed record OpenAIConnection
{
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

    /// <summary>What sends the requests. Default: one client that all connections share.</summary>
    public HttpClient? Http { get; init; }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"OpenAIConnection {{ Endpoint = {Endpoint}, Timeout = {Timeout} }}";
}
