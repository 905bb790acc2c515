using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Limiting;

/// <summary>Lets a deployment's requests for embeddings start as its limits allow, by the lane under <see cref="ModelProperties.Priority"/>; a batch is one request.</summary>
/// <param name="inner">The deployment's generator.</param>
/// <param name="limiter">Its limiter.</param>
public sealed class LimitedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, DeploymentLimiter limiter) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Embeds texts when it is the request's turn.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">It would not be the request's turn in the time that its lane may wait, or the provider refuses for now.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (texts.Length == 0) return [];
        var tokens = texts.Sum(text => (double)TokenEstimate.Count(text));
        var permit = await limiter.AcquireAsync(tokens, LimitedModels.LaneOf(options?.AdditionalProperties), cancellationToken);
        try
        {
            var vectors = await InnerGenerator.GenerateAsync(texts, options, cancellationToken);
            permit.Settle(vectors.Usage?.TotalTokenCount ?? vectors.Usage?.InputTokenCount ?? tokens);
            return vectors;
        }
        catch (Exception error)
        {
            LimitedModels.Failed(permit, error);
            throw;
        }
    }
}
