using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>A model whose calls are on record.</summary>
internal sealed class RecordedModel(IChatClient inner, CallRecord record) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> sent = [.. messages];
        var reply = await InnerClient.GetResponseAsync(sent, options, cancellationToken);
        record.Add(() => InnerClient.GetResponseAsync(sent, options));
        return reply;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<ChatMessage> sent = [.. messages];
        await foreach (var update in InnerClient.GetStreamingResponseAsync(sent, options, cancellationToken)) yield return update;
        record.Add(async () =>
        {
            await foreach (var _ in InnerClient.GetStreamingResponseAsync(sent, options))
            {
                // Reading it to its end is what takes the time.
            }
        });
    }
}
