using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>The embedding models that calls may name.</summary>
public interface IEmbeddingCatalog
{
    /// <summary>The names, in alphabetical order.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The model behind a name.</summary>
    /// <param name="model"><c>embedding</c>, without regard to case, for the configured one, or a model's name.</param>
    /// <exception cref="PermanentFailureException">There is no such model; the message names those that there are.</exception>
    ResolvedEmbedding Resolve(string model);
}

/// <summary>An embedding model that can be called.</summary>
/// <param name="Generator">What calls it.</param>
/// <param name="Name">Its own name.</param>
/// <param name="Price">What it costs.</param>
public sealed record ResolvedEmbedding(IEmbeddingGenerator<string, Embedding<float>> Generator, string Name, ModelPrice Price);
