using AgentFunctions.Core.Models.Deployments;

namespace AgentFunctions.Core.Models;

/// <summary>Where models are, and which serves each tier.</summary>
/// <remarks>The default prices and context windows are those that OpenAI listed for these models in 2025; a model that is set without a price counts as free.</remarks>
public sealed record ModelOptions
{
    /// <summary>The base address of an OpenAI-compatible API, with its version: <c>https://api.openai.com/v1</c>. Default: none, and the built-in offline model answers.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The API key, sent as a bearer token. Default: none, which local servers accept.</summary>
    public string? Key { get; init; }

    /// <summary>More deployments of the same models, beside <see cref="Endpoint"/>: calls are spread over all of them, and a conversation stays with one. At most 32. Default: none.</summary>
    public IReadOnlyList<ModelEndpoint> MoreEndpoints { get; init; } = [];

    /// <summary>All deployments: <see cref="Endpoint"/> with its key, and <see cref="MoreEndpoints"/>; empty where the offline model answers.</summary>
    public IReadOnlyList<ModelEndpoint> Endpoints => Endpoint is null ? [] : [new ModelEndpoint(Endpoint, Key), .. MoreEndpoints];

    /// <summary>How long to wait for the provider's answer, or between two pieces of a streamed one. 100 ms to 1 hour. Default: 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The model of the tier <c>fast</c>. Default: gpt-4.1-nano.</summary>
    public ModelChoice Fast { get; init; } = new("gpt-4.1-nano", new ModelPrice(0.10m, 0.40m, 0.025m)) { ContextWindow = 1_047_576 };

    /// <summary>The model of the tier <c>balanced</c>. Default: gpt-4.1-mini.</summary>
    public ModelChoice Balanced { get; init; } = new("gpt-4.1-mini", new ModelPrice(0.40m, 1.60m, 0.10m)) { ContextWindow = 1_047_576 };

    /// <summary>The model of the tier <c>capable</c>. Default: gpt-4.1.</summary>
    public ModelChoice Capable { get; init; } = new("gpt-4.1", new ModelPrice(2.00m, 8.00m, 0.50m)) { ContextWindow = 1_047_576 };

    /// <summary>The model for embeddings. Default: text-embedding-3-small.</summary>
    public ModelChoice Embedding { get; init; } = new("text-embedding-3-small", new ModelPrice(0.02m, 0));

    /// <summary>More models that calls may name, at most 100. Default: none.</summary>
    public IReadOnlyList<ModelChoice> Others { get; init; } = [];

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"ModelOptions {{ Endpoint = {Endpoint?.ToString() ?? "none"}, Fast = {Fast.Name}, Balanced = {Balanced.Name}, Capable = {Capable.Name}, Others = {Others.Count} }}";
}
