using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

/// <summary>A model that says yes, or fails, and reports the usage that a test sets.</summary>
internal sealed class YesModel : IChatClient
{
    public Exception? Failure { get; set; }

    public UsageDetails? Usage { get; set; }

    public int Calls { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return Failure is null ? Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes")) { Usage = Usage }) : Task.FromException<ChatResponse>(Failure);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Calls++;
        await Task.CompletedTask;
        if (Failure is not null) throw Failure;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "yes");
        if (Usage is not null) yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage)]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>Vectors of two numbers, of twelve tokens a request.</summary>
internal sealed class TwoNumberVectors : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[2]))) { Usage = new UsageDetails { InputTokenCount = 12 } });

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
