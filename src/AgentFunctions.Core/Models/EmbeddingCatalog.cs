using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Search.Vectors;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>The embedding model of <see cref="ModelOptions"/>: that of the endpoint, or without one hashed n-grams, which can always be called by their own name.</summary>
public sealed class EmbeddingCatalog : IEmbeddingCatalog
{
    /// <summary>The name by which calls ask for the configured model.</summary>
    public const string Default = "embedding";

    private readonly Dictionary<string, ResolvedEmbedding> byName = new(StringComparer.Ordinal);
    private readonly ResolvedEmbedding configured;

    /// <summary>Makes the catalog; nothing is called yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock that a Retry-After date is compared with.</param>
    /// <param name="decorate">Puts decorators over the endpoint's generator; the built-in one costs less than any. Default: none.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public EmbeddingCatalog(ModelOptions options, TimeProvider time, Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>>? decorate = null)
        : this(options, name => new OpenAIEmbeddingGenerator(name, new OpenAIConnection { Endpoint = options.Endpoint!, Key = options.Key, Timeout = options.Timeout, Time = time }), decorate)
    {
    }

    /// <summary>Makes the catalog with a generator of another kind.</summary>
    /// <param name="options">The options.</param>
    /// <param name="connect">Makes the generator of the endpoint's model; never called without an endpoint.</param>
    /// <param name="decorate">Puts decorators over the endpoint's generator; the built-in one costs less than any. Default: none.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public EmbeddingCatalog(ModelOptions options, Func<string, IEmbeddingGenerator<string, Embedding<float>>> connect, Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>>? decorate = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connect);
        ModelOptionsValidator.ThrowIfInvalid(options);
        configured = byName[HashedNgramEmbeddings.ModelName] = new ResolvedEmbedding(new HashedNgramEmbeddings(), HashedNgramEmbeddings.ModelName, ModelPrice.Free);
        if (options.Endpoint is not null)
        {
            var connected = new ResolvedEmbedding(connect(options.Embedding.Name), options.Embedding.Name, options.Embedding.Price);
            configured = byName[connected.Name] = decorate is null ? connected : connected with { Generator = decorate(connected) };
        }

        Names = [.. byName.Keys.Append(Default).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public ResolvedEmbedding Resolve(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return string.Equals(model, Default, StringComparison.OrdinalIgnoreCase) ? configured
            : byName.TryGetValue(model, out var resolved) ? resolved
            : throw new PermanentFailureException($"There is no embedding model '{model}'. There are: {string.Join(", ", Names)}.");
    }
}
