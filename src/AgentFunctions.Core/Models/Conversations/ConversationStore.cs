using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>
/// Reads and extends conversations in the content store. It keeps what was read last, so that a turn reads what the turn before added and not the whole chain. Thread-safe; one for a host.
/// </summary>
public sealed class ConversationStore
{
    /// <summary>How many bytes are kept unless told otherwise: 64 MiB.</summary>
    public const long DefaultCacheBytes = 1 << 26;

    private readonly IContentStore store;
    private readonly ContentCache<ConversationDelta> deltas;
    private readonly ContentCache<string> texts;

    /// <summary>Makes a reader and writer.</summary>
    /// <param name="store">Where conversations are.</param>
    /// <param name="cacheBytes">How many bytes it keeps, at least 0: half for what was said, half for stored texts. Default: 67,108,864.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cacheBytes"/> is negative.</exception>
    public ConversationStore(IContentStore store, long cacheBytes = DefaultCacheBytes)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        this.store = store;
        deltas = new(cacheBytes / 2, async address => Parse(address, await store.GetAsync(address, CancellationToken.None)));
        texts = new(cacheBytes / 2, async address => Encoding.UTF8.GetString((await store.GetAsync(address, CancellationToken.None)).Span));
    }

    /// <summary>All messages of a conversation, the oldest first.</summary>
    /// <param name="head">Its newest delta, or null for a conversation that has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PermanentFailureException">What is stored there is no conversation.</exception>
    /// <exception cref="ContentNotFoundException">A part of it is not in the store.</exception>
    public async Task<IReadOnlyList<ConversationMessage>> ReadAsync(ContentRef? head, CancellationToken cancellationToken)
    {
        var chain = new Stack<ConversationDelta>();
        for (var at = head; at is not null; at = chain.Peek().Previous) chain.Push(await deltas.GetAsync(at, cancellationToken));
        return [.. chain.SelectMany(delta => delta.Messages)];
    }

    /// <summary>Adds messages to a conversation.</summary>
    /// <param name="delta">What comes before, and what is added.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>The new head.</returns>
    public Task<ContentRef> AppendAsync(ConversationDelta delta, CancellationToken cancellationToken) =>
        store.PutAsync(JsonSerializer.SerializeToUtf8Bytes(delta, ConversationsJsonContext.Default.ConversationDelta), cancellationToken);

    /// <summary>The text of a content, from the store where it is there.</summary>
    /// <param name="content">The content, or null for no text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<string> TextAsync(Content? content, CancellationToken cancellationToken) =>
        content is { Text: null, Ref: { } address } ? await texts.GetAsync(address, cancellationToken) : content?.Text ?? "";

    private static ConversationDelta Parse(ContentRef address, ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json.Span, ConversationsJsonContext.Default.ConversationDelta) is { Messages: not null } delta) return delta;
        }
        catch (JsonException error)
        {
            throw new PermanentFailureException($"The content {address.Sha256} is no part of a conversation: {error.Message} Pass the 'conversation' of an earlier result.", error);
        }

        throw new PermanentFailureException($"The content {address.Sha256} is no part of a conversation: it has no messages. Pass the 'conversation' of an earlier result.");
    }
}
