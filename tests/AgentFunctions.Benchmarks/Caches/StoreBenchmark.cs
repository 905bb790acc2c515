using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>The store under the cache at a million values: writing, reading, memory, starting again; beside a dictionary in the same run.</summary>
internal static class StoreBenchmark
{
    public const int Entries = 1_000_000;
    private const int ValueBytes = 512;
    private const int Writers = 256;
    private const int Lookups = 200_000;
    private static readonly KeyValuePartition partition = new("acme", "response");

    public static KeyValueStoreOptions Options { get; } = new() { MostBytes = 4L << 30 };

    public static async Task RunAsync(Bench bench)
    {
        var folder = Path.Combine(bench.Folder, "cache");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var keys = Enumerable.Range(0, Entries).Select(KeyOf).ToArray();
        var dictionary = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        var plainBytes = Memory(() =>
        {
            foreach (var key in keys) dictionary[key.Key] = new byte[ValueBytes];
        });
        var plain = await Samples.TakeAsync(Lookups, i => Plain(dictionary, keys[Pick(i)].Key));
        plain.Print("ConcurrentDictionary of 1,000,000, lookup, p50");
        Bench.Row("ConcurrentDictionary, memory a value of 512 bytes (keys not counted)", $"{plainBytes / Entries:n0} B");
        dictionary.Clear();

        var store = Open(folder);
        await store.Ready;
        await WritesAsync(store);
        var indexBytes = Memory(() => FillAsync(store, keys).GetAwaiter().GetResult());
        Bench.Row("file store of 1,000,000, memory a value (index)", $"{indexBytes / Entries:n0} B");
        await ReadsAsync(store, keys, plain);
        store.Dispose();
        var from = Stopwatch.GetTimestamp();
        using var again = Open(folder);
        await again.Ready;
        Bench.Row("file store of 1,000,000, reading it in at a start", $"{Bench.Milliseconds(from):n0} ms", $"{again.Statistics.FileBytes >> 20:n0} MiB, in the background");
        from = Stopwatch.GetTimestamp();
        var deleted = await again.DeletePartitionAsync(partition, CancellationToken.None);
        Bench.Row("file store, deleting a partition of all", $"{Bench.Milliseconds(from):n0} ms", $"{deleted:n0} values");
    }

    public static FileKeyValueStore Open(string folder) => FileKeyValueStore.Open(folder, Options, TimeProvider.System, NullLogger<FileKeyValueStore>.Instance);

    private static KeyValueKey KeyOf(int number) => new(partition, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number))));

    private static int Pick(int i) => (int)((uint)(i * 2654435761) % Entries);

    private static async Task WritesAsync(FileKeyValueStore store)
    {
        var one = await Samples.TakeAsync(1_000, i => SetAsync(store, new(new("acme", "one"), $"{i}")));
        one.Print("file store, one writer: a write with its fsync, p50");
        var from = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = Writers }, (i, _) => SetAsync(store, new(new("acme", "many"), $"{i}")));
        Bench.Row($"file store, {Writers} writers", $"{100_000 / (Bench.Milliseconds(from) / 1000):n0}/s", "each write durable when it returns");
        await store.DeletePartitionAsync(new("acme", "one"), CancellationToken.None);
        await store.DeletePartitionAsync(new("acme", "many"), CancellationToken.None);
    }

    private static async Task FillAsync(FileKeyValueStore store, KeyValueKey[] keys)
    {
        var from = Stopwatch.GetTimestamp();
        var commits = store.Statistics.Commits;
        await Parallel.ForAsync(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = 4096 }, (i, _) => SetAsync(store, keys[i]));
        Bench.Row("file store, 4,096 writers, until there are 1,000,000", $"{keys.Length / (Bench.Milliseconds(from) / 1000):n0}/s", string.Create(CultureInfo.InvariantCulture, $"{store.Statistics.Commits - commits:n0} fsyncs"));
    }

    private static async Task ReadsAsync(FileKeyValueStore store, KeyValueKey[] keys, Samples plain)
    {
        (await Samples.TakeAsync(Lookups, async i => Found(await store.GetAsync(keys[Pick(i)], CancellationToken.None)))).Print("file store of 1,000,000, lookup that finds, p50", plain);
        (await Samples.TakeAsync(Lookups, async i => Missing(await store.GetAsync(new(partition, keys[Pick(i)].Key + "x"), CancellationToken.None)))).Print("file store of 1,000,000, lookup that does not, p50", plain);
    }

    private static async ValueTask SetAsync(FileKeyValueStore store, KeyValueKey key)
    {
        if (await store.SetAsync(key, new byte[ValueBytes], DateTimeOffset.UtcNow.AddHours(1), WriteCondition.Always, CancellationToken.None) is null) throw new InvalidOperationException("An unconditional write was refused.");
    }

    private static ValueTask Plain(ConcurrentDictionary<string, byte[]> dictionary, string key) =>
        dictionary.TryGetValue(key, out var value) && value.Length == ValueBytes ? ValueTask.CompletedTask : throw new InvalidOperationException("A value is missing.");

    private static void Found(KeyValueEntry? entry)
    {
        if (entry?.Value.Length != ValueBytes) throw new InvalidOperationException("A value is missing.");
    }

    private static void Missing(KeyValueEntry? entry)
    {
        if (entry is not null) throw new InvalidOperationException("A value is there that nobody wrote.");
    }

    private static long Memory(Action fill)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        fill();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
