using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>Calls a model, with all its deployments, again where that is likely to help. A streamed answer is asked for again only as long as none of it has come.</summary>
/// <param name="inner">The model's client.</param>
/// <param name="retries">When it is called again.</param>
public sealed class RetryingChatClient(IChatClient inner, ModelRetries retries) : DelegatingChatClient(inner)
{
    /// <summary>Calls the model, again where that is likely to help. What fails at last goes through as it is.</summary>
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return await retries.RunAsync(token => InnerClient.GetResponseAsync(list, options, token), cancellationToken);
    }

    /// <summary>Calls the model, again where that is likely to help and nothing of its answer has come, and hands the answer on as it comes.</summary>
    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var (updates, held, hasMore) = await retries.RunAsync(token => BeginAsync(list, options, token), cancellationToken);
        await using var closing = updates;
        foreach (var update in held) yield return update;
        while (hasMore && await updates.MoveNextAsync()) yield return updates.Current;
    }

    /// <summary>Reads an answer up to its first content.</summary>
    private async Task<(IAsyncEnumerator<ChatResponseUpdate> Updates, List<ChatResponseUpdate> Held, bool HasMore)> BeginAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var updates = InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            List<ChatResponseUpdate> held = [];
            while (await updates.MoveNextAsync())
            {
                held.Add(updates.Current);
                if (updates.Current.Contents.Count > 0) return (updates, held, HasMore: true);
            }

            return (updates, held, HasMore: false);
        }
        catch
        {
            await updates.DisposeAsync();
            throw;
        }
    }
}
