using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Models;

/// <summary>What a model costs, in US dollars per million tokens; each at least 0.</summary>
/// <param name="InputPerMillion">For a million tokens sent.</param>
/// <param name="OutputPerMillion">For a million tokens received.</param>
/// <param name="CachedInputPerMillion">For a million tokens sent that the provider had read before. Default: the same as for others.</param>
public sealed record ModelPrice(decimal InputPerMillion, decimal OutputPerMillion, decimal? CachedInputPerMillion = null)
{
    /// <summary>Nothing.</summary>
    public static ModelPrice Free { get; } = new(0, 0);

    /// <summary>The price of one call in US dollars.</summary>
    /// <param name="inputTokens">Tokens sent.</param>
    /// <param name="outputTokens">Tokens received.</param>
    /// <param name="cachedInputTokens">How many of the tokens sent the provider had read before; at most all of them count.</param>
    public decimal Of(long inputTokens, long outputTokens, long cachedInputTokens = 0)
    {
        var cached = Math.Clamp(cachedInputTokens, 0, inputTokens);
        return (((inputTokens - cached) * InputPerMillion) + (cached * (CachedInputPerMillion ?? InputPerMillion)) + (outputTokens * OutputPerMillion)) / 1_000_000m;
    }
}

/// <summary>A model of the provider.</summary>
/// <param name="Name">Its name at the provider, 1 to 200 characters; for Azure OpenAI the deployment's name.</param>
/// <param name="Price">What it costs.</param>
public sealed record ModelChoice(string Name, ModelPrice Price)
{
    /// <summary>What each deployment of it allows. Default: no limits are known, and none are kept.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>How many tokens of prompt and answer it takes, 1,000 to 100,000,000: calls of <c>auto</c> that are longer go elsewhere. Default: not known, and not minded.</summary>
    public int? ContextWindow { get; init; }
}
