namespace AgentFunctions.Core.Models;

/// <summary>What a model costs, in US dollars per million tokens; each at least 0.</summary>
/// <param name="InputPerMillion">For a million tokens sent.</param>
/// <param name="OutputPerMillion">For a million tokens received.</param>
public sealed record ModelPrice(decimal InputPerMillion, decimal OutputPerMillion)
{
    /// <summary>Nothing.</summary>
    public static ModelPrice Free { get; } = new(0, 0);

    /// <summary>The price of one call in US dollars.</summary>
    /// <param name="inputTokens">Tokens sent.</param>
    /// <param name="outputTokens">Tokens received.</param>
    public decimal Of(long inputTokens, long outputTokens) => ((inputTokens * InputPerMillion) + (outputTokens * OutputPerMillion)) / 1_000_000m;
}

/// <summary>A model of the provider.</summary>
/// <param name="Name">Its name at the provider, 1 to 200 characters; for Azure OpenAI the deployment's name.</param>
/// <param name="Price">What it costs.</param>
public sealed record ModelChoice(string Name, ModelPrice Price);
