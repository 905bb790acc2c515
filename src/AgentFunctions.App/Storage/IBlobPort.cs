namespace AgentFunctions.App.Storage;

/// <summary>What the content store needs of a blob container: Azure's client in the app, memory in tests. The container is made when it is first used.</summary>
internal interface IBlobPort
{
    /// <summary>Writes a blob, whole or not at all. One that is there already stays as it is.</summary>
    Task PutIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>A blob, or null.</summary>
    Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Whether a blob is there.</summary>
    Task<bool> ExistsAsync(string name, CancellationToken cancellationToken);
}
