using System.Collections.Concurrent;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

/// <summary>Short ways to open a store with small files, write it and read it; and what it told its log.</summary>
internal sealed class StoreBench : ILogger<FileKeyValueStore>
{
    public static readonly KeyValueStoreOptions Small = new() { SegmentBytes = 4096, MostBytes = 1 << 20 };
    public static readonly KeyValuePartition Partition = new("acme", "response");
    public static readonly KeyValuePartition Other = new("acme", "tool");

    public ManualTime Time { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = [];

    public FileKeyValueStore Open(IJournalStorage storage, KeyValueStoreOptions? options = null) => new(storage, options ?? Small, Time, this);

    public static KeyValueKey Key(int number) => new(number % 3 == 0 ? Other : Partition, $"key {number}");

    /// <summary>A value that says which it is and whether it is whole.</summary>
    public static byte[] Value(int key, int version, int length = 40)
    {
        var value = new byte[8 + length];
        new Random((key * 7919) + version).NextBytes(value);
        BitConverter.TryWriteBytes(value, key);
        BitConverter.TryWriteBytes(value.AsSpan(4), version);
        return value;
    }

    /// <summary>The version of a key's value after checking every byte; 0 for none.</summary>
    public static async Task<int> VersionAsync(IKeyValueStore store, int key)
    {
        if (await store.GetAsync(Key(key), default) is not { } entry)
            return 0;
        var version = BitConverter.ToInt32(entry.Value.Span[4..]);
        Assert.Equal(Value(key, version, entry.Value.Length - 8), entry.Value.ToArray());
        Assert.Equal(key, BitConverter.ToInt32(entry.Value.Span));
        return version;
    }

    /// <summary>Sets a value that lasts an hour, or for ever.</summary>
    public async Task<string?> SetAsync(IKeyValueStore store, int key, int version, int length = 40, bool lasting = false) =>
        await store.SetAsync(Key(key), Value(key, version, length), lasting ? null : Time.GetUtcNow().AddHours(1), WriteCondition.Always, default);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            Warnings.Enqueue(formatter(state, exception));
    }
}
