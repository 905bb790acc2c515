namespace AgentFunctions.Core.Durable;

/// <summary>Keeps large values by their SHA-256, so that history carries only their address (the claim-check pattern). Used by activities and at start, never by orchestrators.</summary>
public interface IContentStore
{
    /// <summary>Stores a value durably; storing it again changes nothing.</summary>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Stops the write; nothing half written is ever visible.</param>
    /// <returns>Its address.</returns>
    Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Reads a value and checks it against its address.</summary>
    /// <param name="content">Its address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="ContentNotFoundException">There is no such value.</exception>
    /// <exception cref="InvalidDataException">What is stored does not have this hash: it is damaged.</exception>
    Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken);

    /// <summary>Whether a value is stored.</summary>
    /// <param name="content">Its address.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken);
}

/// <summary>The content store does not hold a value that was asked for.</summary>
public sealed class ContentNotFoundException(ContentRef content) : Exception($"The content store has no value with SHA-256 {content?.Sha256} ({content?.Length} bytes). Store it first, or send the text itself.")
{
    /// <summary>The address that was asked for.</summary>
    public ContentRef Content { get; } = content ?? throw new ArgumentNullException(nameof(content));
}
