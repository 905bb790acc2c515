using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>Any container, with its reads counted.</summary>
internal sealed class ObservedBlobs(IBlobPort inner) : IBlobPort
{
    public int Reads { get; private set; }

    public Task PutIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => inner.PutIfAbsentAsync(name, value, cancellationToken);

    public Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken)
    {
        Reads++;
        return inner.GetAsync(name, cancellationToken);
    }

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        Reads++;
        return inner.ExistsAsync(name, cancellationToken);
    }
}
