using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage;

/// <summary>A container in memory. Contracts/ proves that it is like Azure's.</summary>
internal sealed class FakeBlobs : IBlobPort
{
    private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);

    public Task PutIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        values.TryAdd(name, value.ToArray());
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(values.TryGetValue(name, out var value) ? new ReadOnlyMemory<byte>(value) : (ReadOnlyMemory<byte>?)null);

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => Task.FromResult(values.ContainsKey(name));
}
