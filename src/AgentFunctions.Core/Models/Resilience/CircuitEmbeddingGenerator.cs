using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Resilience;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>Does not call an embedding deployment that is broken; see <see cref="CircuitChatClient"/>.</summary>
/// <param name="inner">The deployment's generator.</param>
/// <param name="circuit">Its circuit.</param>
public sealed class CircuitEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, TargetCircuit circuit) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Embeds texts, unless the deployment is broken.</summary>
    /// <inheritdoc/>
    /// <exception cref="CircuitOpenException">It is broken; nothing was sent.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var pass = await circuit.EnterAsync(cancellationToken);
        try
        {
            var vectors = await InnerGenerator.GenerateAsync(values, options, cancellationToken);
            pass.Answered();
            return vectors;
        }
        catch (Exception error)
        {
            BrokenModels.Failed(pass, error);
            throw;
        }
    }
}
