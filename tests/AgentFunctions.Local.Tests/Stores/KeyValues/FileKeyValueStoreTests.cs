using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Stores.KeyValues;
using AgentFunctions.Local.Tests.Simulation;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

public sealed class FileKeyValueStoreTests
{
    private readonly StoreBench bench = new();
    private readonly SimulatedStorage storage = new(new Random(1));

    [Fact]
    public async Task Reopened_AfterAnOrderlyEnd_HasEverythingAsItWas()
    {
        string? etag;
        using (var store = bench.Open(storage))
        {
            etag = await bench.SetAsync(store, 1, 1);
            await bench.SetAsync(store, 2, 1, lasting: true);
            await bench.SetAsync(store, 4, 1);
            await bench.SetAsync(store, 4, 2);
            await bench.SetAsync(store, 5, 1);
            await store.DeleteAsync(StoreBench.Key(5), null, default);
            await bench.SetAsync(store, 3, 1);
            await store.DeletePartitionAsync(StoreBench.Other, default);
            await bench.SetAsync(store, 6, 1);
        }

        using var again = bench.Open(storage);
        Assert.Equal([1, 1, 0, 2, 0, 1], await VersionsAsync(again, 6));
        var entry = await again.GetAsync(StoreBench.Key(1), default);
        Assert.Equal((etag, bench.Time.GetUtcNow().AddHours(1)), (entry!.ETag, entry.Expires));
        Assert.NotNull(await again.SetAsync(StoreBench.Key(1), default, null, WriteCondition.Match(etag!), default));
        Assert.True(again.IsExclusive);
        Assert.Empty(bench.Warnings);
        Assert.Equal((0, 0), ((int)again.Statistics.Damaged, again.Statistics.Emptied));
    }

    [Fact]
    public async Task Reopened_WhatHadExpired_StaysAwayAndDoesNotUncoverWhatItReplaced()
    {
        using (var store = bench.Open(storage))
        {
            await bench.SetAsync(store, 1, 1, lasting: true);
            await store.SetAsync(StoreBench.Key(1), StoreBench.Value(1, 2), bench.Time.GetUtcNow().AddSeconds(1), WriteCondition.Always, default);
            bench.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(1, await store.SweepAsync(10, default));
        }

        using var again = bench.Open(storage);
        Assert.Equal(0, await StoreBench.VersionAsync(again, 1));
    }

    [Fact]
    public async Task Writes_ThatWaitTogether_ShareOneSync()
    {
        using var store = bench.Open(storage);
        await Task.WhenAll(Enumerable.Range(1, 500).Select(i => Task.Run(() => bench.SetAsync(store, i, 1))));

        Assert.Equal(500, store.Statistics.Entries);
        Assert.InRange(store.Statistics.Commits, 1, 400);
    }

    [Fact]
    public async Task Overwriting_OverAndOver_KeepsTheFilesSmall()
    {
        using var store = bench.Open(storage);
        await bench.SetAsync(store, 999, 1, lasting: true);
        for (var version = 1; version <= 50; version++)
            await Task.WhenAll(Enumerable.Range(1, 20).Select(key => bench.SetAsync(store, key, version)));

        await EventuallyAsync(() => store.Statistics.FileBytes < 4 * store.Statistics.LiveBytes + (4 * StoreBench.Small.SegmentBytes));
        Assert.All(await VersionsAsync(store, 20), version => Assert.Equal(50, version));
        Assert.Equal(0, store.Statistics.Evicted);
        Assert.Equal(1, await StoreBench.VersionAsync(store, 999));
    }

    [Fact]
    public async Task OverItsMostBytes_TheOldestGoAndThoseWithoutAnEndStay()
    {
        var options = new KeyValueStoreOptions { SegmentBytes = 4096, MostBytes = 64 * 1024 };
        using (var store = bench.Open(storage, options))
        {
            for (var key = 1; key <= 400; key++)
                await bench.SetAsync(store, key, 1, 500, lasting: key % 50 == 1);
            await EventuallyAsync(() => store.Statistics.FileBytes <= options.MostBytes);
            Assert.Equal(1, await StoreBench.VersionAsync(store, 400));
            Assert.InRange(store.Statistics.Evicted, 200, 399);
        }

        using var again = bench.Open(storage, options);
        var versions = await VersionsAsync(again, 400);
        Assert.All(Enumerable.Range(1, 400).Where(key => key % 50 == 1), key => Assert.Equal(1, versions[key - 1]));
        // What is kept of the others is the newest.
        var others = Enumerable.Range(1, 400).Where(key => key % 50 != 1).Select(key => versions[key - 1]).ToList();
        Assert.Equal(others.Order(), others);
        Assert.InRange(others.Sum(), 20, 120);
    }

    [Fact]
    public async Task OverItsMostEntries_TheOldestGo()
    {
        using var store = bench.Open(storage, StoreBench.Small with { MostEntries = 50 });
        for (var key = 1; key <= 200; key++)
            await bench.SetAsync(store, key, 1);
        await EventuallyAsync(() => store.Statistics.Entries <= 50);
        Assert.Equal(1, await StoreBench.VersionAsync(store, 200));
        Assert.Equal(0, await StoreBench.VersionAsync(store, 1));
    }

    [Fact]
    public async Task Set_ValuesWithoutAnEndOverHalfTheStore_IsRefused()
    {
        using var store = bench.Open(storage, new KeyValueStoreOptions { SegmentBytes = 4096, MostBytes = 64 * 1024 });
        for (var key = 1; key <= 3; key++)
            await bench.SetAsync(store, key, 1, 9000, lasting: true);

        var error = await Assert.ThrowsAsync<KeyValueStoreException>(() => bench.SetAsync(store, 4, 1, 9000, lasting: true));

        Assert.Contains("Cache:File:MostBytes", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await bench.SetAsync(store, 5, 1));
    }

    [Fact]
    public async Task Set_ValueOverAQuarterOfTheStore_IsRefusedAlone()
    {
        using var store = bench.Open(storage, new KeyValueStoreOptions { SegmentBytes = 4096, MostBytes = 64 * 1024 });
        var tooLarge = bench.SetAsync(store, 1, 1, 17_000);
        var fits = bench.SetAsync(store, 2, 1, 15_000);

        Assert.Contains("17008 bytes", (await Assert.ThrowsAsync<KeyValueStoreException>(() => tooLarge)).Message, StringComparison.Ordinal);
        Assert.NotNull(await fits);
        Assert.Equal([0, 1], await VersionsAsync(store, 2));
    }

    [Fact]
    public async Task FullDisk_WritesFailClearlyReadsGoOnAndItRecovers()
    {
        using (var store = bench.Open(storage))
        {
            await bench.SetAsync(store, 1, 1, 1000);
            storage.Faults.FreeBytes = 500;
            for (var i = 0; i < 5; i++)
            {
                var error = await Assert.ThrowsAsync<KeyValueStoreException>(() => bench.SetAsync(store, 1, 2, 1000));
                Assert.Contains("The disk is full: free some space", error.Message, StringComparison.Ordinal);
                Assert.Equal(1, await StoreBench.VersionAsync(store, 1));
            }

            await Assert.ThrowsAsync<KeyValueStoreException>(() => store.DeleteAsync(StoreBench.Key(1), null, default));
            storage.Faults.FreeBytes = null;
            Assert.NotNull(await bench.SetAsync(store, 1, 3, 1000));
            Assert.Equal(3, await StoreBench.VersionAsync(store, 1));
        }

        using var again = bench.Open(storage);
        Assert.Equal(3, await StoreBench.VersionAsync(again, 1));
    }

    [Fact]
    public async Task Dispose_WhileWritesWait_WritesThem()
    {
        var store = bench.Open(storage);
        var writes = Enumerable.Range(1, 100).Select(key => bench.SetAsync(store, key, 1)).ToList();
        await store.Ready;
        await writes[0];
        store.Dispose();
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bench.SetAsync(store, 1, 2));

        using var again = bench.Open(storage);
        for (var key = 1; key <= 100; key++)
        {
            if (writes[key - 1].IsCompletedSuccessfully)
                Assert.Equal(1, await StoreBench.VersionAsync(again, key));
        }
    }

    [Fact]
    public async Task Open_DiskThatCanNotBeRead_FailsTheCallsAndNotTheStart()
    {
        var broken = storage.Crash(new Random(1));
        using var store = bench.Open(storage);

        await Assert.ThrowsAsync<KeyValueStoreException>(() => store.GetAsync(StoreBench.Key(1), default));
        await Assert.ThrowsAsync<KeyValueStoreException>(() => bench.SetAsync(store, 1, 1));
        Assert.Contains(bench.Warnings, warning => warning.Contains("works from memory only", StringComparison.Ordinal));
        using var healthy = bench.Open(broken);
        Assert.NotNull(await bench.SetAsync(healthy, 1, 1));
    }

    [Theory]
    [InlineData(1L << 20, 100, 4095, "Cache:File:SegmentBytes is 4095")]
    [InlineData(16_383, 100, 4096, "Cache:File:MostBytes is 16383")]
    [InlineData(1L << 20, 0, 4096, "Cache:File:MostEntries is 0")]
    public void Options_OutsideTheirRange_AreRefusedByName(long mostBytes, int mostEntries, long segmentBytes, string says)
    {
        var options = new KeyValueStoreOptions { MostBytes = mostBytes, MostEntries = mostEntries, SegmentBytes = segmentBytes };
        Assert.Contains(says, Assert.Throws<OptionsValidationException>(() => bench.Open(storage, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderThatIsOpen_IsRefusedByNameOfTheCache()
    {
        var folder = Directory.CreateTempSubdirectory("key-values-");
        try
        {
            using var first = FileKeyValueStore.Open(folder.FullName, new(), bench.Time, bench);
            var error = Assert.Throws<JournalLockedException>(() => FileKeyValueStore.Open(folder.FullName, new(), bench.Time, bench));
            Assert.Equal($"The cache's folder '{folder.FullName}' is in use by this process ({Environment.ProcessId}). A cache has one writer at a time: stop that process, or choose another data folder.", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<int>> VersionsAsync(FileKeyValueStore store, int keys)
    {
        var versions = new List<int>();
        for (var key = 1; key <= keys; key++)
            versions.Add(await StoreBench.VersionAsync(store, key));
        return versions;
    }

    /// <summary>Cleaning runs behind the writes; each sweep waits until the writer's thread is through.</summary>
    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 10_000, "It does not come about.");
            await Task.Yield();
        }
    }
}
