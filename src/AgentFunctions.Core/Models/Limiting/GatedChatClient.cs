using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Limiting;

/// <summary>Has no more calls of a deployment in flight than its gate lets in, by the lane under <see cref="ModelProperties.Priority"/>; a stream is in flight until its end.</summary>
/// <param name="inner">The deployment's client.</param>
/// <param name="gate">Its gate.</param>
public sealed class GatedChatClient(IChatClient inner, CallGate gate) : DelegatingChatClient(inner)
{
    /// <summary>Calls the model when there is a place.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">There would be no place in the time that the call's lane may wait.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var place = await gate.EnterAsync(LimitedModels.LaneOf(options?.AdditionalProperties), cancellationToken);
        return await InnerClient.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>Calls the model when there is a place, and hands its answer on as it comes.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">There would be no place in the time that the call's lane may wait.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var place = await gate.EnterAsync(LimitedModels.LaneOf(options?.AdditionalProperties), cancellationToken);
        await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken)) yield return update;
    }
}

/// <summary>Has no more requests for embeddings in flight than the deployment's gate lets in.</summary>
/// <param name="inner">The deployment's generator.</param>
/// <param name="gate">Its gate.</param>
public sealed class GatedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, CallGate gate) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Embeds texts when there is a place.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">There would be no place in the time that the request's lane may wait.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var place = await gate.EnterAsync(LimitedModels.LaneOf(options?.AdditionalProperties), cancellationToken);
        return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
    }
}
