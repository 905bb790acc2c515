using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

/// <summary>Whatever becomes of the files, the store opens, serves nothing that is not so, and takes new values.</summary>
public sealed class KeyValueStoreFaultTests
{
    private const int Keys = 7;
    private static readonly int[] truth = [0, 1, 2, 0, 0, 1, 1, 2];
    private readonly StoreBench bench = new();

    [Fact]
    public async Task FlippedBit_AnywhereAfterAnOrderlyEnd_CostsAtMostMissesAndIsCounted()
    {
        var good = await WrittenAsync(new Random(1));
        var (alone, all) = (0, 0);
        foreach (var name in good.List())
        {
            for (var offset = 0; offset < good.Bytes(name).Length; offset++)
            {
                var bad = Flip(good, name, offset, offset % 8);
                using var store = bench.Open(bad);
                var found = await AssertNothingFalseAsync(store, $"bit {offset % 8} of byte {offset} of {name}");
                var statistics = store.Statistics;
                // The proof of an orderly end is no record; without it, all is there.
                Assert.True(statistics.Damaged + statistics.Emptied > 0 || found == truth.Count(v => v > 0), $"Byte {offset} of {name} was damaged, and nothing says so.");
                alone += statistics.Emptied == 0 && found == truth.Count(v => v > 0) - 1 ? 1 : 0;
                all += statistics.Emptied;
                Assert.NotNull(await bench.SetAsync(store, 1, 9));
                Assert.Equal(9, await StoreBench.VersionAsync(store, 1));
            }
        }

        Assert.True(alone > all, $"{alone} flips cost one value and {all} cost all.");
        Assert.NotEmpty(bench.Warnings);
    }

    [Fact]
    public async Task FlippedBit_InAValueWithAnEnd_LosesThatValueAlone()
    {
        var storage = new SimulatedStorage(new Random(1));
        using (var store = bench.Open(storage))
        {
            await bench.SetAsync(store, 1, 1, 500);
            await bench.SetAsync(store, 2, 1, 500);
            await bench.SetAsync(store, 4, 1, 500);
        }

        var name = storage.List().Single(SegmentHeader.IsFileName);
        using var again = bench.Open(Flip(storage, name, At(storage, name, StoreBench.Value(2, 1, 500)) + 250, 3));

        Assert.Equal((int[])[1, 0, 1], (int[])[await StoreBench.VersionAsync(again, 1), await StoreBench.VersionAsync(again, 2), await StoreBench.VersionAsync(again, 4)]);
        Assert.Equal((1, 0), (again.Statistics.Damaged, again.Statistics.Emptied));
        Assert.Equal("1 damaged records of the cache were skipped; what they held will be made anew. Check the disk.", Assert.Single(bench.Warnings));
    }

    [Fact]
    public async Task FlippedBit_InAValueWithoutAnEnd_EmptiesTheStore()
    {
        var storage = new SimulatedStorage(new Random(1));
        using (var store = bench.Open(storage))
        {
            await bench.SetAsync(store, 1, 1);
            await bench.SetAsync(store, 2, 1, 500, lasting: true);
        }

        var name = storage.List().Single(SegmentHeader.IsFileName);
        using var again = bench.Open(Flip(storage, name, At(storage, name, StoreBench.Value(2, 1, 500)) + 250, 3));

        Assert.Equal((int[])[0, 0], (int[])[await StoreBench.VersionAsync(again, 1), await StoreBench.VersionAsync(again, 2)]);
        Assert.Equal(1, again.Statistics.Emptied);
        Assert.Contains("a value without an end is damaged", Assert.Single(bench.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FlippedBit_UnderARunningStore_IsAMissThatIsCounted(bool lasting)
    {
        var storage = new SimulatedStorage(new Random(1));
        using var store = bench.Open(storage);
        await bench.SetAsync(store, 1, 1);
        await bench.SetAsync(store, 2, 1, 500, lasting);
        var name = storage.List().Single(SegmentHeader.IsFileName);
        using (var file = storage.Open(name))
            file.Write(At(storage, name, StoreBench.Value(2, 1, 500)) + 400, [0xEE, 0xEE]);

        Assert.Equal(0, await StoreBench.VersionAsync(store, 2));
        Assert.Equal(lasting ? 0 : 1, await StoreBench.VersionAsync(store, 1));
        Assert.Equal((1, lasting ? 1 : 0), (store.Statistics.Damaged, store.Statistics.Emptied));
        Assert.Single(bench.Warnings);
        Assert.NotNull(await bench.SetAsync(store, 2, 2));
        Assert.Equal(2, await StoreBench.VersionAsync(store, 2));
    }

    [Fact]
    public async Task TruncatedTail_AtAnyLength_ServesNothingDamaged()
    {
        var good = await WrittenAsync(new Random(1));
        foreach (var name in good.List().Where(SegmentHeader.IsFileName))
        {
            var bytes = good.Bytes(name);
            for (var length = 0; length < bytes.Length; length += 3)
            {
                var cut = good.Copy();
                cut.Put(name, bytes.AsSpan(0, length));
                using var store = bench.Open(cut);
                // What is cut off the end can't be told from writes that were never finished, deletions among them.
                for (var key = 1; key <= Keys; key++)
                    await StoreBench.VersionAsync(store, key);
                Assert.NotNull(await bench.SetAsync(store, 1, 9));
                store.Dispose();
                using var again = bench.Open(cut);
                Assert.Equal(9, await StoreBench.VersionAsync(again, 1));
            }
        }
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("segment-0000000001.journal")]
    public async Task ZeroLengthOrMissingFile_BeginsEmpty(string name)
    {
        var good = await WrittenAsync(new Random(1));
        foreach (var missing in (bool[])[false, true])
        {
            var bad = good.Copy();
            if (missing)
                bad.Delete(name);
            else
                bad.Put(name, []);
            using var store = bench.Open(bad);
            for (var key = 1; key <= Keys; key++)
                Assert.Equal(0, await StoreBench.VersionAsync(store, key));
            Assert.Equal(1, store.Statistics.Emptied);
            Assert.NotNull(await bench.SetAsync(store, 1, 9));
            store.Dispose();
            using var again = bench.Open(bad);
            Assert.Equal(9, await StoreBench.VersionAsync(again, 1));
        }
    }

    [Fact]
    public async Task ForeignFiles_AreLeftAlone()
    {
        var good = await WrittenAsync(new Random(1));
        (string Name, byte[] Bytes)[] foreign = [("notes.txt", [1, 2]), ("segment-x.journal", [3]), ("segment-1.journal", []), ("segment-00000000001.journal", [4])];
        foreach (var (name, bytes) in foreign)
            good.Put(name, bytes);
        good.Put("segment-0000000099.journal", [5, 6]);

        using (var store = bench.Open(good))
        {
            for (var key = 1; key <= Keys; key++)
                Assert.Equal(truth[key], await StoreBench.VersionAsync(store, key));
            Assert.NotNull(await bench.SetAsync(store, 1, 9));
        }

        Assert.All(foreign, file => Assert.Equal(file.Bytes, good.Bytes(file.Name)));
        // One that is named like the store's own and is not in its manifest is what a crash left.
        Assert.DoesNotContain("segment-0000000099.journal", good.List(), StringComparer.Ordinal);
        Assert.Empty(bench.Warnings);
    }

    [Fact]
    public async Task Value_ThatHoldsAStoresOwnFile_IsAValue()
    {
        var other = await WrittenAsync(new Random(1));
        var bytes = other.Bytes(other.List().First(SegmentHeader.IsFileName));
        var storage = new SimulatedStorage(new Random(2));
        using (var store = bench.Open(storage))
            await store.SetAsync(StoreBench.Key(4), bytes, null, WriteCondition.Always, default);

        using var again = bench.Open(storage);
        Assert.Equal(bytes, (await again.GetAsync(StoreBench.Key(4), default))!.Value.ToArray());
        Assert.Equal(1, again.Statistics.Entries);
    }

    /// <summary>Values set, replaced and deleted, one partition deleted, over several segments, and an orderly end.</summary>
    private async Task<SimulatedStorage> WrittenAsync(Random random)
    {
        var storage = new SimulatedStorage(random);
        using var store = bench.Open(storage);
        await bench.SetAsync(store, 6, 1);
        await store.DeletePartitionAsync(StoreBench.Other, default);
        foreach (var key in (int[])[1, 2, 3, 4])
            await bench.SetAsync(store, key, 1, 80);
        await bench.SetAsync(store, 2, 2, 80);
        await store.DeleteAsync(StoreBench.Key(3), null, default);
        await store.DeleteAsync(StoreBench.Key(4), null, default);
        await bench.SetAsync(store, 7, 1, 4200);
        await bench.SetAsync(store, 5, 1, lasting: true);
        await bench.SetAsync(store, 6, 1);
        await bench.SetAsync(store, 7, 2, 80);
        return storage;
    }

    private static async Task<int> AssertNothingFalseAsync(IKeyValueStore store, string damage)
    {
        var found = 0;
        for (var key = 1; key <= Keys; key++)
        {
            var version = await StoreBench.VersionAsync(store, key);
            Assert.True(version == 0 || version == truth[key], $"After damage to {damage} key {key} has version {version}; it had {truth[key]}.");
            found += version > 0 ? 1 : 0;
        }

        return found;
    }

    private static int At(SimulatedStorage storage, string name, byte[] value) => storage.Bytes(name).AsSpan().IndexOf(value) is var at and >= 0 ? at : throw new InvalidOperationException("The value is not there.");

    private static SimulatedStorage Flip(SimulatedStorage storage, string name, int offset, int bit)
    {
        var bad = storage.Copy();
        var bytes = bad.Bytes(name);
        bytes[offset] ^= (byte)(1 << bit);
        bad.Put(name, bytes);
        return bad;
    }
}
