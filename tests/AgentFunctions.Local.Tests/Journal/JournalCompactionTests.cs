using System.Buffers;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

public sealed class JournalCompactionTests : IDisposable
{
    private readonly SimulatedStorage storage = new(new Random(5));

    public void Dispose() => storage.Dispose();

    [Fact]
    public void Complete_MapsWhatWasKeptAndNothingElse()
    {
        JournalPosition[] old;
        JournalPositionMap map;
        JournalPosition later;
        using (var journal = TestRecords.Open(storage, out _))
        {
            old = journal.Commit(Enumerable.Range(0, 5000));
            using var compaction = journal.BeginCompaction();
            later = journal.Commit(5000)[0];
            compaction.Run(KeepEvery(10), CancellationToken.None);
            var before = journal.TotalBytes;
            map = compaction.Complete();

            Assert.Equal((500, 4500), (compaction.Kept, compaction.Dropped));
            Assert.Equal(500, map.Count);
            Assert.Equal(before - compaction.BytesBefore + compaction.BytesAfter, journal.TotalBytes);
            Assert.True(compaction.BytesAfter < compaction.BytesBefore / 9);
            Assert.Empty(compaction.Undeleted);
        }

        using var again = TestRecords.Open(storage, out var records);
        Assert.Equal([.. Enumerable.Range(0, 500).Select(i => i * 10), 5000], records.Select(r => r.Number));
        Assert.Empty(again.Recovery.Removed);
        for (var i = 0; i < old.Length; i++)
        {
            Assert.Equal(i % 10 == 0, map.TryMap(old[i], out var now));
            if (i % 10 == 0)
                Assert.Equal(records[i / 10].Position, now);
        }

        Assert.True(map.TryMap(later, out var same));
        Assert.Equal(later, same);
        Assert.Equal(later, records[^1].Position);
        Assert.Equal(records.Select(r => r.Position).Order(), records.Select(r => r.Position));
    }

    [Fact]
    public void Run_RewritesRecords()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Append(TestRecords.Make(1, 9000));
            journal.Write(journal.TakeBatch());
            using var compaction = journal.BeginCompaction();
            compaction.Run(
                (_, record, output) =>
                {
                    output.Write(TestRecords.Make(TestRecords.NumberOf(record) + 100, 30));
                    return true;
                },
                CancellationToken.None);
            compaction.Complete();
        }

        Assert.Equal([101], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void Complete_EverythingDropped_LeavesAnEmptyJournalThatGoesOn()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1, 2, 3);
            Compact(journal, (_, _, _) => false);
            Assert.Equal(0, journal.TotalBytes);
        }

        using (var journal = TestRecords.Open(storage, out var records))
        {
            Assert.Empty(records);
            journal.Commit(4);
        }

        Assert.Equal([4], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void BeginCompaction_Repeatedly_KeepsTheOrder()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            Compact(journal, KeepEvery(1));
            for (var round = 0; round < 6; round++)
            {
                journal.Commit(Enumerable.Range(round * 400, 400));
                Compact(journal, KeepEvery(2));
                Compact(journal, KeepEvery(1));
            }
        }

        Assert.Equal(Enumerable.Range(0, 1200).Select(i => i * 2), TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void BeginCompaction_WithUnwrittenRecords_IsReadyOnceTheyAreWritten()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Append(TestRecords.Make(1));
        var inFlight = journal.TakeBatch();
        journal.Append(TestRecords.Make(2));
        using var compaction = journal.BeginCompaction();

        Assert.False(compaction.IsReady);
        journal.Write(inFlight);
        Assert.False(compaction.IsReady);
        journal.Commit(3);
        Assert.True(compaction.IsReady);
        compaction.Run(KeepEvery(1), CancellationToken.None);
        compaction.Complete();
        Assert.Equal(2, compaction.Kept);
        Assert.Equal([1, 2, 3], TestRecords.NumbersIn(storage));
    }

    [Fact]
    public async Task Run_BeforeTheWrite_WaitsForIt()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Append(TestRecords.Make(1));
        using var compaction = journal.BeginCompaction();
        var run = Task.Run(() => compaction.Run(KeepEvery(1), CancellationToken.None));
        journal.Write(journal.TakeBatch());
        await run;

        Assert.Equal(1, compaction.Kept);
    }

    [Fact]
    public async Task Run_CancelledWhileWaiting_Ends()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Append(TestRecords.Make(1));
        using var compaction = journal.BeginCompaction();
        using var cancellation = new CancellationTokenSource();
        var run = Task.Run(() => compaction.Run(KeepEvery(1), cancellation.Token));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Run_JournalFailsWhileWaiting_EndsWithThatFailure()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Append(TestRecords.Make(1));
        using var compaction = journal.BeginCompaction();
        var run = Task.Run(() => compaction.Run(KeepEvery(1), CancellationToken.None));
        storage.Faults.FailSyncAt = 1;
        Assert.Throws<JournalFailedException>(() => journal.Write(journal.TakeBatch()));

        await Assert.ThrowsAsync<JournalFailedException>(() => run);
    }

    [Fact]
    public void GetReader_FromBeforeCompaction_StillReadsOldPositions()
    {
        using var journal = TestRecords.Open(storage, out _);
        var old = journal.Commit(1, 2, 3);
        var reader = journal.GetReader();
        Compact(journal, KeepEvery(2));

        Assert.Equal([1, 2, 3], old.Select(p => TestRecords.NumberOf(reader.Read(p).Span)));
        Assert.Contains("compaction", Assert.Throws<ArgumentOutOfRangeException>(() => journal.Read(old[1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compaction_CrashAtEveryOperation_LeavesTheOldOrTheNew()
    {
        var (olds, news) = (0, 0);
        for (var operation = 1; ; operation++)
        {
            for (var seed = 0; seed < 6; seed++)
            {
                var disk = new SimulatedStorage(new Random(seed));
                var completed = false;
                using (var journal = TestRecords.Open(disk, out _))
                {
                    journal.Commit(Enumerable.Range(0, 2000));
                    disk.Faults.CrashAt = operation;
                    try
                    {
                        Compact(journal, KeepEvery(2));
                        completed = true;
                        journal.Commit(9999);
                    }
                    catch (Exception e) when (e is SimulatedCrashException || e.InnerException is SimulatedCrashException)
                    {
                        // Judged below.
                    }
                }

                if (disk.Faults.CrashAt is not null)
                {
                    Assert.True(operation > 8 && olds > 0 && news > 0);
                    return;
                }

                var after = seed % 3 == 0 ? disk.Kill() : disk.Crash(new Random(seed));
                var found = TestRecords.NumbersIn(after);
                int[] old = [.. Enumerable.Range(0, 2000)];
                int[] compacted = [.. old.Where(i => i % 2 == 0)];
                Assert.Contains(found.Where(n => n != 9999).ToArray(), new[] { old, compacted }.Where(set => !completed || set.Length == 1000), EqualityComparer<int[]>.Create((a, b) => a.AsSpan().SequenceEqual(b)));
                _ = found.Length > 1500 ? olds++ : news++;
                Assert.All(after.List(), name => Assert.Matches("^(manifest|segment-[0-9]+[.]journal)$", name));
                Assert.Equal(after.List().Count, SegmentsIn(after) + 1);
            }
        }
    }

    [Fact]
    public void Compaction_DiskFullOrFailureBeforeTheSwap_LeavesTheJournalRunning()
    {
        for (var operation = 1; ; operation++)
        {
            var disk = new SimulatedStorage(new Random(operation));
            using (var journal = TestRecords.Open(disk, out _))
            {
                journal.Commit(Enumerable.Range(0, 2000));
                var compaction = journal.BeginCompaction();
                disk.Faults.FailOperationAt = operation;
                try
                {
                    compaction.Run(KeepEvery(2), CancellationToken.None);
                    break;
                }
                catch (JournalCompactionException e)
                {
                    Assert.Contains("The journal goes on with what it had", e.Message, StringComparison.Ordinal);
                }

                Assert.Throws<InvalidOperationException>(() => compaction.Complete());
                compaction.Dispose();
                journal.Commit(2000);
                Compact(journal, KeepEvery(1));
            }

            Assert.Equal(Enumerable.Range(0, 2001), TestRecords.NumbersIn(disk.Crash(new Random(1))));
        }
    }

    [Fact]
    public void Complete_OldFileCannotBeDeleted_SaysSoAndTheNextOpeningDeletesIt()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1);
            using var compaction = journal.BeginCompaction();
            compaction.Run(KeepEvery(1), CancellationToken.None);
            // Of the swap: create, write and sync the manifest, rename it, sync the folder; then the deletion.
            storage.Faults.FailOperationAt = 6;
            compaction.Complete();
            Assert.Equal(["segment-0000000001.journal: Input/output error"], compaction.Undeleted);
        }

        using var again = TestRecords.Open(storage, out var records);
        Assert.Single(records);
        Assert.Equal(["segment-0000000001.journal"], again.Recovery.Removed);
    }

    [Fact]
    public void Misuse_IsRefused()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Commit(1);
        var compaction = journal.BeginCompaction();

        Assert.Throws<InvalidOperationException>(() => journal.BeginCompaction());
        Assert.Throws<InvalidOperationException>(() => compaction.Complete());
        compaction.Run(KeepEvery(1), CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => compaction.Run(KeepEvery(1), CancellationToken.None));
        compaction.Complete();
        Assert.Throws<ObjectDisposedException>(() => compaction.Complete());
    }

    private static int SegmentsIn(SimulatedStorage disk)
    {
        using var journal = TestRecords.Open(disk, out _);
        return journal.Recovery.Segments;
    }

    private static void Compact(Journal journal, RewriteRecord rewrite)
    {
        using var compaction = journal.BeginCompaction();
        compaction.Run(rewrite, CancellationToken.None);
        compaction.Complete();
    }

    private static RewriteRecord KeepEvery(int divisor) => (_, record, output) =>
    {
        if (TestRecords.NumberOf(record) % divisor != 0)
            return false;
        output.Write(record);
        return true;
    };
}
