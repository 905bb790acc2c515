namespace AgentFunctions.Core.Durable;

/// <summary>A text that crosses history: itself where it is short, its address in the content store where it is long. Exactly one is set.</summary>
public sealed record Content
{
    /// <summary>From this many bytes of UTF-8 on a text is stored rather than carried: 2,048, so that a group of ten stays under the 32 KB bound.</summary>
    public const int InlineBytes = 2048;

    /// <summary>The text itself.</summary>
    public string? Text { get; init; }

    /// <summary>Where the text is.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>Wraps a text, storing it where it is long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="store">Where long texts go.</param>
    /// <param name="cancellationToken">Stops the store.</param>
    public static async ValueTask<Content> FromTextAsync(string text, IContentStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(store);
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return bytes.Length < InlineBytes ? new Content { Text = text } : new Content { Ref = await store.PutAsync(bytes, cancellationToken) };
    }

    /// <summary>The text, from the store where it is there.</summary>
    /// <param name="store">Where long texts are.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="PermanentFailureException">Neither a text nor an address is set.</exception>
    /// <exception cref="ContentNotFoundException">The store does not hold it.</exception>
    public async ValueTask<string> ReadAsync(IContentStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Text ?? System.Text.Encoding.UTF8.GetString((await store.GetAsync(Ref ?? throw new PermanentFailureException("A content has neither 'text' nor 'ref'. Set one of them."), cancellationToken)).Span);
    }
}
