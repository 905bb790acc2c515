using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Embeddings;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>
/// An embedding model of an OpenAI-compatible API as <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>, over the official OpenAI SDK. It
/// makes one attempt for each call; retries are the caller's.
/// </summary>
public sealed class OpenAIEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly string model;
    private readonly Sdk.EmbeddingClient client;
    private readonly ProviderErrors errors;
    private readonly EmbeddingGeneratorMetadata metadata;

    /// <summary>Makes the generator; nothing is called yet.</summary>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="connection">How to reach it.</param>
    public OpenAIEmbeddingGenerator(string model, OpenAIConnection connection)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(connection);
        this.model = model;
        client = connection.CreateClient().GetEmbeddingClient(model);
        errors = new ProviderErrors(model, connection.Timeout, connection.Time);
        metadata = new EmbeddingGeneratorMetadata("openai", connection.Endpoint, model);
    }

    /// <summary>Calls the model.</summary>
    /// <param name="values">The texts; providers take up to 2,048 at once. None gives none, without a call.</param>
    /// <param name="options">Dimensions. Default: the model's own.</param>
    /// <param name="cancellationToken">Drops the request.</param>
    /// <exception cref="ThrottledException">HTTP 429, with the wait that the provider named if it did, or 503 with one.</exception>
    /// <exception cref="DeploymentRefusedException">The provider refuses all calls with this key or of this model (401, 402, 403, 404), or the account has no quota left.</exception>
    /// <exception cref="PermanentFailureException">The provider refused the request as wrong (any other 4xx).</exception>
    /// <exception cref="TimeoutException">The provider did not answer in time.</exception>
    /// <exception cref="ModelUnavailableException">The provider failed, could not be reached, or its reply could not be read or has another number of vectors.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (texts.Length == 0) return [];
        try
        {
            var reply = (await client.GenerateEmbeddingsAsync(texts, new Sdk.EmbeddingGenerationOptions { Dimensions = options?.Dimensions }, cancellationToken)).Value;
            return Read(reply, texts.Length);
        }
        catch (Exception exception) when (!ProviderErrors.IsCancellation(exception, cancellationToken))
        {
            throw errors.Translate(exception, cancellationToken);
        }
    }

    /// <summary>This generator, the SDK's client, or what it says about itself.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Not used.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata
            : serviceType == typeof(Sdk.EmbeddingClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to let go of: connections are shared.</summary>
    public void Dispose()
    {
    }

    private GeneratedEmbeddings<Embedding<float>> Read(Sdk.OpenAIEmbeddingCollection reply, int texts)
    {
        // Ordered by their index: the order of the array is not promised.
        var vectors = new Embedding<float>?[texts];
        foreach (var embedding in reply)
        {
            if (embedding.Index >= 0 && embedding.Index < texts) vectors[embedding.Index] = new Embedding<float>(embedding.ToFloats()) { ModelId = reply.Model };
        }

        if (reply.Count != texts || vectors.Contains(null)) throw new InvalidOperationException($"{reply.Count} vectors came for {texts} texts.");
        return new GeneratedEmbeddings<Embedding<float>>(vectors!)
        {
            Usage = reply.Usage is { } usage ? new UsageDetails { InputTokenCount = usage.InputTokenCount, TotalTokenCount = usage.TotalTokenCount } : null,
            AdditionalProperties = new() { ["model"] = reply.Model ?? model },
        };
    }
}
