using AgentFunctions.Conformance.Stores;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

/// <summary>The contract over files on the disk.</summary>
public sealed class FileKeyValueStoreContractTests : KeyValueStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("key-values-").FullName;
    private readonly ManualTime time = new();
    private readonly FileKeyValueStore store;

    public FileKeyValueStoreContractTests() => store = FileKeyValueStore.Open(folder, new(), time, NullLogger<FileKeyValueStore>.Instance);

    protected override IKeyValueStore Store => store;

    protected override TimeProvider Time => time;

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    protected override void Advance(TimeSpan by) => time.Advance(by);
}

/// <summary>The contract over files that are small and soon cleaned.</summary>
public sealed class SmallFileKeyValueStoreContractTests : KeyValueStoreContract, IDisposable
{
    private readonly ManualTime time = new();
    private readonly FileKeyValueStore store;

    public SmallFileKeyValueStoreContractTests() => store = new(new MemoryJournalStorage(), new() { SegmentBytes = 4096, MostBytes = 64 << 20 }, time, NullLogger<FileKeyValueStore>.Instance);

    protected override IKeyValueStore Store => store;

    protected override TimeProvider Time => time;

    public void Dispose() => store.Dispose();

    protected override void Advance(TimeSpan by) => time.Advance(by);
}

/// <summary>The contract in memory.</summary>
public sealed class MemoryKeyValueStoreContractTests : KeyValueStoreContract
{
    private readonly ManualTime time = new();

    public MemoryKeyValueStoreContractTests() => Store = new MemoryKeyValueStore(time);

    protected override IKeyValueStore Store { get; }

    protected override TimeProvider Time => time;

    protected override void Advance(TimeSpan by) => time.Advance(by);
}
