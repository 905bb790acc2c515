using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Resilience;

/// <summary>A model that fails as it is told, each failure once, and then answers <c>yes</c> in two pieces.</summary>
internal sealed class FlakyModel : IChatClient, IEmbeddingGenerator<string, Embedding<float>>
{
    public Queue<Exception> Failures { get; } = [];

    /// <summary>What an answer that has begun breaks off with, once.</summary>
    public Exception? BreaksOff { get; set; }

    public int Calls { get; private set; }

    public void Fail(int times, Exception failure)
    {
        for (var i = 0; i < times; i++) Failures.Enqueue(failure);
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return Failures.TryDequeue(out var failure) ? Task.FromException<ChatResponse>(failure) : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes")));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Calls++;
        await Task.CompletedTask;
        yield return new ChatResponseUpdate { Role = ChatRole.Assistant };
        if (Failures.TryDequeue(out var failure)) throw failure;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "y");
        if (BreaksOff is { } breaking)
        {
            BreaksOff = null;
            throw breaking;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, "es");
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return Failures.TryDequeue(out var failure) ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(failure) : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[2]))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>Asks in either way.</summary>
internal static class FlakyAsk
{
    public static async Task<string> AskAsync(this IChatClient client, bool streams, CancellationToken cancellationToken = default)
    {
        if (!streams) return (await client.GetResponseAsync("Why", cancellationToken: cancellationToken)).Text;
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Why", cancellationToken: cancellationToken)) text += update.Text;
        return text;
    }
}
