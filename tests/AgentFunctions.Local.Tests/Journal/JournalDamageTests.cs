using System.Buffers.Binary;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

/// <summary>Damage is found and named, or, only where it can't be told from an unfinished write, cut and reported; it is never silent.</summary>
public sealed class JournalDamageTests
{
    private const string First = "segment-0000000001.journal";

    [Fact]
    public void FlippedBit_AnywhereInASmallJournal_IsNeverSilent()
    {
        var (good, lastUnit) = ThreeBatches(close: false);
        var (cut, damaged) = (0, 0);
        foreach (var (name, offset, bit) in EveryBit(good))
        {
            var bad = Flip(good, name, offset, bit);
            try
            {
                using var journal = TestRecords.Open(bad, out var records);
                Assert.True(name == First && offset >= lastUnit, $"Bit {bit} of byte {offset} of {name}, in a finished batch, was flipped and nothing said so.");
                Assert.Equal([1, 2, 3, 4, 5], records.Select(r => r.Number));
                Assert.Equal((First, lastUnit), (journal.Recovery.Torn!.File, journal.Recovery.Torn.Offset));
                cut++;
            }
            catch (JournalDamagedException e)
            {
                Assert.Equal(name, e.File);
                Assert.Contains(name, e.Message, StringComparison.Ordinal);
                damaged++;
            }
        }

        Assert.Equal((good.Bytes(First).Length - lastUnit) * 8, cut);
        Assert.Equal((lastUnit + good.Bytes("manifest").Length) * 8, damaged);
    }

    [Fact]
    public void FlippedBit_AnywhereAfterAnOrderlyEnd_LosesNoRecordSilently()
    {
        var (good, _) = ThreeBatches(close: true);
        var mark = good.Bytes(First).Length - UnitHeader.Bytes;
        foreach (var (name, offset, bit) in EveryBit(good))
        {
            var bad = Flip(good, name, offset, bit);
            if (name == First && offset >= mark)
                Assert.Equal([1, 2, 3, 4, 5, 6, 7], TestRecords.NumbersIn(bad));
            else
                Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(bad));
        }
    }

    [Fact]
    public void FlippedBit_InAFinishedSegment_IsDamageEvenInItsLastBatch()
    {
        var storage = new SimulatedStorage(new Random(1));
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1, 2);
            journal.BeginCompaction().Dispose();
            journal.Commit(3);
        }

        for (var offset = 0; offset < storage.Bytes(First).Length; offset++)
        {
            var error = Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(Flip(storage, First, offset, offset % 8)));
            Assert.Equal(First, error.File);
        }
    }

    [Fact]
    public void FlippedBit_UnderARunningJournal_IsFoundByRead()
    {
        var storage = new SimulatedStorage(new Random(1));
        using var journal = TestRecords.Open(storage, out _);
        var position = journal.Commit(1, 2, 3)[1];
        using var file = storage.Open(First);
        file.Write(position.Offset + UnitHeader.FrameBytes + 20, [0xEE]);

        var error = Assert.Throws<JournalDamagedException>(() => journal.Read(position));

        Assert.Equal((First, position.Offset), (error.File, error.Offset));
    }

    [Fact]
    public void TornTail_CutAtEveryLength_LeavesTheBatchesBefore()
    {
        var (good, lastUnit) = ThreeBatches(close: false);
        var bytes = good.Bytes(First);
        for (var length = lastUnit; length < bytes.Length; length++)
        {
            var torn = good.Copy();
            torn.Put(First, bytes.AsSpan(0, length));
            using (var journal = TestRecords.Open(torn, out var records))
            {
                Assert.Equal([1, 2, 3, 4, 5], records.Select(r => r.Number));
                Assert.Equal(length == lastUnit ? null : length - lastUnit, journal.Recovery.Torn?.Bytes);
                journal.Commit(8, 9);
            }

            Assert.Equal([1, 2, 3, 4, 5, 8, 9], TestRecords.NumbersIn(torn.Crash(new Random(length))));
        }
    }

    [Fact]
    public void TornTail_OfZerosOrNoise_IsCutAndReported()
    {
        var (good, _) = ThreeBatches(close: false);
        var bytes = good.Bytes(First);
        var noise = new byte[3000];
        new Random(3).NextBytes(noise);
        foreach (var tail in new[] { new byte[3000], noise })
        {
            var torn = good.Copy();
            torn.Put(First, [.. bytes, .. tail]);
            using var journal = TestRecords.Open(torn, out var records);
            Assert.Equal(7, records.Count);
            Assert.Equal(3000, journal.Recovery.Torn!.Bytes);
            Assert.Contains($"3000 bytes of an unfinished write were cut off {First} at offset {bytes.Length}", journal.Recovery.Torn.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Record_ThatHoldsAJournalsOwnBytes_IsNotTakenForALaterWrite()
    {
        var (other, _) = ThreeBatches(close: false);
        var storage = new SimulatedStorage(new Random(1));
        long tornAt;
        using (var journal = TestRecords.Open(storage, out _, TestRecords.Small with { Random = new Random(99) }))
        {
            journal.Commit(1);
            tornAt = journal.TotalBytes;
            // Cut so that each of its bytes is at the very offset where the other journal had it.
            journal.Append(other.Bytes(First).AsSpan((int)tornAt + UnitHeader.Bytes + UnitHeader.FrameBytes));
            journal.Write(journal.TakeBatch());
        }

        using var again = TestRecords.Open(Flip(storage, First, (int)tornAt, 0), out var records);

        Assert.Equal([1], records.Select(r => r.Number));
        Assert.Equal(tornAt, again.Recovery.Torn!.Offset);
    }

    [Theory]
    [InlineData(First, "missing")]
    [InlineData("manifest", "missing")]
    public void Open_FileMissing_IsDamageThatNamesIt(string name, string word)
    {
        var (storage, _) = ThreeBatches(close: false);
        storage.Delete(name);

        var error = Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(storage));

        Assert.Equal(name, error.File);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FinishedSegmentShorterOrLonger_IsDamage()
    {
        var storage = new SimulatedStorage(new Random(1));
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1);
            var whole = journal.TotalBytes;
            journal.Commit(2);
            journal.BeginCompaction().Dispose();
            journal.Commit(3);
            var bytes = storage.Bytes(First);
            foreach (var changed in new byte[][] { bytes[..(int)whole], [.. bytes, 0] })
            {
                var copy = storage.Copy();
                copy.Put(First, changed);
                Assert.Contains($"the file has {changed.Length} bytes where the manifest says {bytes.Length}", Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(copy)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Open_SegmentsExchanged_IsDamage()
    {
        var storage = new SimulatedStorage(new Random(1));
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1);
            journal.BeginCompaction().Dispose();
            journal.Commit(2);
        }

        var second = storage.List().Last(SegmentHeader.IsFileName);
        var (a, b) = (storage.Bytes(First), storage.Bytes(second));
        storage.Put(First, b);
        storage.Put(second, a);

        Assert.Contains("renamed or copied", Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(storage)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(First, 28)]
    [InlineData("manifest", -4)]
    public void Open_VersionItDoesNotKnow_SaysWhichAndWhatToDo(string name, int checkAt)
    {
        var (storage, _) = ThreeBatches(close: false);
        var bytes = storage.Bytes(name);
        var check = checkAt < 0 ? bytes.Length + checkAt : checkAt;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 7);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(check), Crc32C.Compute(bytes.AsSpan(0, check)));
        storage.Put(name, bytes);

        var error = Assert.Throws<JournalVersionException>(() => TestRecords.NumbersIn(storage));

        Assert.Equal($"{name} has journal format version 7; this program knows version 1 only. Start the program that wrote it, or use another data folder.", error.Message);
    }

    [Fact]
    public void Open_Damaged_ChangesNothing()
    {
        var (storage, _) = ThreeBatches(close: false);
        storage.Put("segment-0000000009.journal", [1, 2, 3]);
        var bad = Flip(storage, First, 70, 1);
        var before = bad.Operations;

        Assert.Throws<JournalDamagedException>(() => TestRecords.NumbersIn(bad));

        Assert.Equal(before, bad.Operations);
        Assert.Contains("segment-0000000009.journal", bad.List(), StringComparer.Ordinal);
    }

    [Fact]
    public void Open_LeftoverSegment_IsRemovedAndReported()
    {
        var (storage, _) = ThreeBatches(close: false);
        storage.Put("segment-0000000009.journal", [1, 2, 3]);

        using var journal = TestRecords.Open(storage, out var records);

        Assert.Equal(7, records.Count);
        Assert.Equal(["segment-0000000009.journal"], journal.Recovery.Removed);
        Assert.DoesNotContain("segment-0000000009.journal", storage.List(), StringComparer.Ordinal);
    }

    [Fact]
    public void Crc32C_OfTheStandardsExample_IsTheStandardsValue()
    {
        // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and ascending.
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
    }

    private static (SimulatedStorage Storage, int LastUnit) ThreeBatches(bool close)
    {
        var storage = new SimulatedStorage(new Random(1));
        using var journal = TestRecords.Open(storage, out _);
        journal.Commit(1);
        journal.Commit(2, 3, 4, 5);
        var lastUnit = (int)journal.TotalBytes;
        journal.Commit(6, 7);
        if (close)
            journal.Close();
        return (storage, lastUnit);
    }

    private static IEnumerable<(string Name, int Offset, int Bit)> EveryBit(SimulatedStorage storage) =>
        from name in storage.List() from offset in Enumerable.Range(0, storage.Bytes(name).Length) from bit in Enumerable.Range(0, 8) select (name, offset, bit);

    private static SimulatedStorage Flip(SimulatedStorage storage, string name, int offset, int bit)
    {
        var bad = storage.Copy();
        var bytes = bad.Bytes(name);
        bytes[offset] ^= (byte)(1 << bit);
        bad.Put(name, bytes);
        return bad;
    }
}
