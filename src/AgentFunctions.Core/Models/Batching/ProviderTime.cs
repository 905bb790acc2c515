using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>How long the provider took for the last attempt of a request: without the waits for a limit or for another try, which smaller batches would only make longer.</summary>
internal sealed class ProviderTime
{
    /// <summary>Its name among the properties of a request.</summary>
    public const string Property = "agentfunctions.provider-time";

    /// <summary>How long; null where nobody has measured it.</summary>
    public TimeSpan? Took { get; set; }
}

/// <summary>Measures <see cref="ProviderTime"/> where a request asks for it. It stands around the deployment's own client, under its limits.</summary>
internal sealed class TimedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, TimeProvider time) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.AdditionalProperties?.GetValueOrDefault(ProviderTime.Property) is not ProviderTime measured) return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
        var began = time.GetTimestamp();
        try
        {
            return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
        }
        finally
        {
            measured.Took = time.GetElapsedTime(began);
        }
    }
}
