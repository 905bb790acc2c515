using Microsoft.Extensions.AI;

namespace AgentFunctions.Benchmarks.Balancing;

/// <summary>The plain way: one client after the other, whatever becomes of the calls.</summary>
internal sealed class InTurn(IReadOnlyList<IChatClient> clients) : IChatClient
{
    private uint turn;

    private IChatClient Next => clients[(int)(Interlocked.Increment(ref turn) % (uint)clients.Count)];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Next.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Next.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }
}
