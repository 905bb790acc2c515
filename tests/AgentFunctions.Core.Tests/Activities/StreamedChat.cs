using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>A model that streams what it is told to, and keeps what it was sent.</summary>
internal sealed class StreamedChat : IChatClient
{
    public List<ChatResponseUpdate> Updates { get; set; } = [];

    public Action<int>? BeforeUpdate { get; set; }

    public List<IReadOnlyList<ChatMessage>> Messages { get; } = [];

    public ChatOptions? Options { get; private set; }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Messages.Add([.. messages]);
        Options = options;
        for (var i = 0; i < Updates.Count; i++)
        {
            BeforeUpdate?.Invoke(i);
            cancellationToken.ThrowIfCancellationRequested();
            yield return Updates[i];
        }

        await Task.CompletedTask;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
