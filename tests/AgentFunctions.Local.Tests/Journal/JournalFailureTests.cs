using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

/// <summary>When the storage fails, the journal stops for good and says why; what was acknowledged is there afterwards.</summary>
public sealed class JournalFailureTests : IDisposable
{
    private readonly SimulatedStorage storage = new(new Random(5));

    public void Dispose() => storage.Dispose();

    [Fact]
    public void Write_DiskFull_StopsAndSaysWhatToDo()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1, 2);
            storage.Faults.FreeBytes = 50;
            var error = Assert.Throws<JournalFailedException>(() => journal.Commit(3, 4));
            Assert.Equal("The journal stopped: writing segment-0000000001.journal at offset 196 failed: No space left on device. The disk is full: free some space, then start again. All that was acknowledged before is intact.", error.Message);
            storage.Faults.FreeBytes = null;
            AssertStopped(journal);
        }

        using var again = TestRecords.Open(storage, out var records);
        Assert.Equal([1, 2], records.Select(r => r.Number));
        Assert.Equal((196, 50), (again.Recovery.Torn!.Offset, again.Recovery.Torn.Bytes));
    }

    [Fact]
    public void Write_FsyncFailsOnce_IsNeverTriedAgain()
    {
        using var journal = TestRecords.Open(storage, out _);
        journal.Commit(1);
        storage.Faults.FailSyncAt = 1;
        var error = Assert.Throws<JournalFailedException>(() => journal.Commit(2));
        Assert.Contains("making durable segment-0000000001.journal at offset 128 failed: Input/output error", error.Message, StringComparison.Ordinal);
        var operations = storage.Operations;

        AssertStopped(journal);

        Assert.Equal(operations, storage.Operations);
        Assert.Equal([1], TestRecords.NumbersIn(storage.Crash(new Random(1))));
    }

    [Fact]
    public void Open_AfterAFailedFsync_MakesDurableWhatItReads()
    {
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1);
            storage.Faults.FailSyncAt = 1;
            Assert.Throws<JournalFailedException>(() => journal.Commit(2));
        }

        // The system's cache still shows record 2, and calls its pages clean.
        var killed = storage.Kill();
        var seen = TestRecords.NumbersIn(killed);

        for (var seed = 0; seed < 20; seed++)
            killed = Survives(killed, seed);

        SimulatedStorage Survives(SimulatedStorage before, int seed)
        {
            var after = before.Crash(new Random(seed));
            Assert.Equal(seen, TestRecords.NumbersIn(after));
            return after;
        }
    }

    [Fact]
    public void Write_FailsAtAnyOperationOfARollOver_LosesNothingAcknowledged()
    {
        for (var operation = 1; ; operation++)
        {
            var disk = new SimulatedStorage(new Random(operation));
            var acknowledged = false;
            using (var journal = TestRecords.Open(disk, out _))
            {
                journal.Commit(1);
                journal.Append(TestRecords.Make(2, 65_000));
                journal.Append(TestRecords.Make(3, 65_000));
                disk.Faults.FailOperationAt = operation;
                try
                {
                    journal.Write(journal.TakeBatch());
                    acknowledged = true;
                }
                catch (JournalFailedException)
                {
                    AssertStopped(journal);
                }
            }

            var reached = disk.Faults.FailOperationAt is null;
            var found = TestRecords.NumbersIn(disk.Crash(new Random(operation)));
            Assert.Equal(Enumerable.Range(1, found.Length), found);
            Assert.True(found.Length >= (acknowledged ? 3 : 1));
            if (reached)
                continue;
            Assert.True(acknowledged && operation > 10);
            return;
        }
    }

    [Fact]
    public void Open_StorageFails_IsAClearError()
    {
        using (var journal = TestRecords.Open(storage, out _))
            journal.Commit(1);
        storage.Faults.FailSyncAt = 1;

        Assert.Contains("opening segment-0000000001.journal", Assert.Throws<JournalFailedException>(() => TestRecords.NumbersIn(storage)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AfterAFailure_StillReadsWhatIsDurable()
    {
        using var journal = TestRecords.Open(storage, out _);
        var position = journal.Commit(1)[0];
        storage.Faults.FailSyncAt = 1;
        Assert.Throws<JournalFailedException>(() => journal.Commit(2));

        Assert.Equal(1, TestRecords.NumberOf(journal.Read(position).Span));
    }

    [Fact]
    public void AnyCall_AfterDispose_IsRefused()
    {
        var journal = TestRecords.Open(storage, out _);
        journal.Dispose();
        journal.Dispose();

        Assert.Throws<ObjectDisposedException>(() => journal.Append([1]));
        Assert.Throws<ObjectDisposedException>(() => journal.TakeBatch());
        Assert.Throws<ObjectDisposedException>(() => journal.BeginCompaction());
    }

    private static void AssertStopped(Journal journal)
    {
        Assert.Throws<JournalFailedException>(() => journal.Append([1]));
        Assert.Throws<JournalFailedException>(() => journal.TakeBatch());
        Assert.Throws<JournalFailedException>(() => journal.Write(JournalBatch.Empty));
        Assert.Throws<JournalFailedException>(() => journal.BeginCompaction());
    }
}
