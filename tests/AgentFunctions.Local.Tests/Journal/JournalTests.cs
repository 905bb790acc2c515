using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly MemoryJournalStorage storage = new();

    public void Dispose() => storage.Dispose();

    [Fact]
    public void Open_NewFolder_IsEmpty()
    {
        using var journal = TestRecords.Open(storage, out var records);

        Assert.Empty(records);
        Assert.Equal(0, journal.TotalBytes);
        Assert.Equal(new JournalRecovery { Records = 0, Bytes = 0, Segments = 0, Removed = journal.Recovery.Removed }, journal.Recovery);
        Assert.Empty(journal.Recovery.Removed);
    }

    [Fact]
    public void Open_AfterWrites_ReplaysAllInOrderAtTheirPositions()
    {
        JournalPosition[] positions;
        using (var journal = TestRecords.Open(storage, out _))
            positions = [.. journal.Commit(Enumerable.Range(0, 3000)), .. journal.Commit(3000), .. journal.Commit(Enumerable.Range(3001, 99))];

        using var again = TestRecords.Open(storage, out var records);

        Assert.Equal(Enumerable.Range(0, 3100), records.Select(r => r.Number));
        Assert.Equal(positions, records.Select(r => r.Position));
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(3100, again.Recovery.Records);
        Assert.Equal(4, again.Recovery.Segments);
        Assert.Equal(again.TotalBytes, again.Recovery.Bytes);
        Assert.Null(again.Recovery.Torn);
        Assert.All(positions, (p, i) => Assert.Equal(i, TestRecords.NumberOf(again.Read(p).Span)));
    }

    [Fact]
    public void Append_EmptyRecord_ComesBackEmpty()
    {
        JournalPosition position;
        using (var journal = TestRecords.Open(storage, out _))
        {
            position = journal.Append([]);
            journal.Write(journal.TakeBatch());
        }

        var lengths = new List<int>();
        using var again = Journal.Open(storage, TestRecords.Small, (_, record) => lengths.Add(record.Length));

        Assert.Equal([0], lengths);
        Assert.Equal(0, again.Read(position).Length);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(5_000_000)]
    public void Append_RecordLargerThanASegment_GetsASegmentOfItsOwn(int length)
    {
        var large = TestRecords.Make(1, length);
        JournalPosition[] positions;
        using (var journal = TestRecords.Open(storage, out _))
        {
            positions = [journal.Append(TestRecords.Make(0)), journal.Append(large), journal.Append(TestRecords.Make(2))];
            journal.Write(journal.TakeBatch());
            Assert.True(journal.Read(positions[1]).Span.SequenceEqual(large));
        }

        using var again = TestRecords.Open(storage, out var records);

        Assert.Equal([1, 2, 3], positions.Select(p => p.Segment));
        Assert.Equal([0, 1, 2], records.Select(r => r.Number));
        Assert.True(again.Read(positions[1]).Span.SequenceEqual(large));
    }

    [Fact]
    public void Append_OnlyBuffers_UntilItsBatchIsWritten()
    {
        using var journal = TestRecords.Open(storage, out _);
        var first = journal.Append(TestRecords.Make(1));
        Assert.Equal(SegmentHeader.Bytes + UnitHeader.Bytes + UnitHeader.FrameBytes + 60, journal.PendingBytes);
        var batch = journal.TakeBatch();
        var second = journal.Append(TestRecords.Make(2));

        Assert.Equal(UnitHeader.Bytes + UnitHeader.FrameBytes + 60, journal.PendingBytes);
        Assert.Contains("not written", Assert.Throws<ArgumentOutOfRangeException>(() => journal.Read(first)).Message, StringComparison.Ordinal);
        journal.Write(batch);
        Assert.Equal(1, TestRecords.NumberOf(journal.Read(first).Span));
        Assert.Contains("not written", Assert.Throws<ArgumentOutOfRangeException>(() => journal.Read(second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PositionThatIsNoRecord_IsRefused()
    {
        using var journal = TestRecords.Open(storage, out _);
        var position = journal.Commit(1, 2)[0];

        Assert.Throws<JournalDamagedException>(() => journal.Read(JournalPosition.Of(position.Segment, position.Offset + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Read(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Read(JournalPosition.Of(position.Segment, 0)));
    }

    [Fact]
    public void Write_OutOfTurnOrTwice_IsRefused()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Append(TestRecords.Make(1));
        var first = journal.TakeBatch();
        journal.Append(TestRecords.Make(2));
        var second = journal.TakeBatch();

        Assert.Throws<InvalidOperationException>(() => journal.Write(second));
        journal.Write(first);
        Assert.Throws<InvalidOperationException>(() => journal.Write(first));
        journal.Write(second);
        Assert.Equal([1, 2], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void TakeBatch_NothingAppended_IsEmptyAndNeedNotBeWritten()
    {
        using var journal = TestRecords.Open(storage, out _);

        Assert.True(journal.TakeBatch().IsEmpty);
        journal.Write(journal.TakeBatch());
        journal.Commit(1);
        Assert.True(journal.TakeBatch().IsEmpty);
        Assert.Equal([1], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void Write_OneBatch_CostsOneWriteAndOneSyncPerSegment()
    {
        var simulated = new SimulatedStorage(new Random(1));
        using var journal = TestRecords.Open(simulated, out _);
        journal.Commit(1);
        var before = simulated.Operations;

        journal.Commit(Enumerable.Range(2, 300));

        Assert.Equal(2, simulated.Operations - before);
    }

    [Fact]
    public void Append_InSteadyState_AllocatesNothingPerRecord()
    {
        using var journal = Journal.Open(storage, new JournalOptions(), (_, _) => { });
        var record = TestRecords.Make(1);
        void Round()
        {
            for (var i = 0; i < 500; i++)
                journal.Append(record);
            journal.Write(journal.TakeBatch());
        }

        for (var i = 0; i < 20; i++)
            Round();
        const int Rounds = 200;
        var (allocated, bytes) = (GC.GetAllocatedBytesForCurrentThread(), journal.TotalBytes);
        for (var i = 0; i < Rounds; i++)
            Round();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        bytes = journal.TotalBytes - bytes;

        // The memory storage's chunks hold the bytes themselves, rounded up; the smallest object per record would be 24 bytes more.
        Assert.InRange((allocated - bytes) / (Rounds * 500.0), -4, 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(JournalOptions.MinSegmentBytes - 1)]
    [InlineData(JournalOptions.MaxSegmentBytes + 1)]
    public void Open_SegmentBytesOutOfRange_NamesSettingValueAndRange(long bytes)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Journal.Open(storage, new JournalOptions { SegmentBytes = bytes }, (_, _) => { }));

        Assert.Contains($"JournalOptions.SegmentBytes is {bytes}. Set it from 65536 to 1073741824 bytes.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Close_ThenOpen_FindsAllAndTakesMore()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1);
            journal.Append(TestRecords.Make(2));
            journal.Close();
        }

        using (var journal = TestRecords.Open(storage, out var records))
        {
            Assert.Equal([1, 2], records.Select(r => r.Number));
            var bytes = journal.TotalBytes;
            journal.Close();
            Assert.Equal(bytes, journal.TotalBytes);
            journal.Commit(3);
        }

        Assert.Equal([1, 2, 3], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public async Task AppendWriteAndRead_AtOnce_NeverSeeAHalf()
    {
        using var journal = TestRecords.Open(storage, out _);
        const int Total = 40_000;
        var positions = new JournalPosition[Total];
        var batches = System.Threading.Channels.Channel.CreateBounded<(JournalBatch Batch, int Through)>(2);
        var readable = 0;
        var writer = Task.Run(async () =>
        {
            await foreach (var (batch, through) in batches.Reader.ReadAllAsync())
            {
                journal.Write(batch);
                Volatile.Write(ref readable, through);
            }
        });
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var reads = 0;
            while (Volatile.Read(ref readable) < Total || reads < 2000)
            {
                if (Volatile.Read(ref readable) is var limit and > 0)
                {
                    var i = random.Next(limit);
                    Assert.Equal(i, TestRecords.NumberOf(journal.Read(positions[i]).Span));
                    reads++;
                }
            }

            return reads;
        })).ToArray();
        for (var i = 0; i < Total; i++)
        {
            positions[i] = journal.Append(TestRecords.Make(i, 8 + (i % 200)));
            if (i % 97 == 96 || i == Total - 1)
                await batches.Writer.WriteAsync((journal.TakeBatch(), i + 1));
        }

        batches.Writer.Complete();
        await writer;
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads >= 2000));
        Assert.Equal(Enumerable.Range(0, Total), TestRecords.NumbersIn(storage));
    }
}
