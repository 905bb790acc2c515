using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>Asks an embedding model again where that is likely to help; see <see cref="RetryingChatClient"/>.</summary>
/// <param name="inner">The model's generator.</param>
/// <param name="retries">When it is asked again.</param>
public sealed class RetryingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ModelRetries retries) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Embeds texts, again where that is likely to help. What fails at last goes through as it is.</summary>
    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var texts = values as IReadOnlyList<string> ?? [.. values];
        return await retries.RunAsync(token => InnerGenerator.GenerateAsync(texts, options, token), cancellationToken);
    }
}
