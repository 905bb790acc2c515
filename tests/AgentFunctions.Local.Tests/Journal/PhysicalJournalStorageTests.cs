using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Journal;

public sealed class PhysicalJournalStorageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Journal_OnDisk_RoundTripsAndCompacts()
    {
        var path = Path.Combine(folder, "new", "data");
        using (var storage = new PhysicalJournalStorage(path))
        using (var journal = TestRecords.Open(storage, out _))
        {
            var old = journal.Commit(Enumerable.Range(0, 3000));
            var reader = journal.GetReader();
            using var compaction = journal.BeginCompaction();
            compaction.Run(
                (_, record, output) =>
                {
                    output.Write(record);
                    return TestRecords.NumberOf(record) % 3 == 0;
                },
                CancellationToken.None);
            var map = compaction.Complete();
            journal.Commit(3000);
            Assert.Empty(compaction.Undeleted);
            Assert.Equal(7, TestRecords.NumberOf(reader.Read(old[7]).Span));
            Assert.True(map.TryMap(old[9], out var now));
            Assert.Equal(9, TestRecords.NumberOf(journal.Read(now).Span));
        }

        using var reopened = new PhysicalJournalStorage(path);
        Assert.Equal(Enumerable.Range(0, 1001).Select(i => i * 3), TestRecords.NumbersIn(reopened));
    }

    [Fact]
    public void Journal_OnDiskTorn_IsCutDurably()
    {
        using (var storage = new PhysicalJournalStorage(folder))
        using (var journal = TestRecords.Open(storage, out _))
        {
            journal.Commit(1, 2);
            journal.Commit(3);
        }

        var file = Path.Combine(folder, "segment-0000000001.journal");
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^5]);
        using (var storage = new PhysicalJournalStorage(folder))
        {
            using var journal = TestRecords.Open(storage, out var records);
            Assert.Equal([1, 2], records.Select(r => r.Number));
            Assert.Equal(91, journal.Recovery.Torn!.Bytes);
            Assert.Equal(journal.TotalBytes, new FileInfo(file).Length);
            journal.Commit(4);
        }

        using var again = new PhysicalJournalStorage(folder);
        Assert.Equal([1, 2, 4], TestRecords.NumbersIn(again));
    }

    [Fact]
    public void Open_FolderHeldInThisProcess_IsRefusedAndNamesIt()
    {
        using (var first = new PhysicalJournalStorage(folder))
        {
            var error = Assert.Throws<JournalLockedException>(() => new PhysicalJournalStorage(folder));
            Assert.Equal($"The journal's folder '{folder}' is in use by this process ({Environment.ProcessId}). A journal has one writer at a time: stop that process, or choose another data folder.", error.Message);
            Assert.Empty(TestRecords.NumbersIn(first));
        }

        using var second = new PhysicalJournalStorage(folder);
        Assert.Empty(TestRecords.NumbersIn(second));
    }

    [Fact]
    public async Task Open_FolderHeldByAnotherProcess_IsRefusedAndNamesItUntilItIsKilled()
    {
        // flock(1) is of util-linux; elsewhere the test above must do.
        if (!OperatingSystem.IsLinux())
            return;
        using var other = Process.Start(new ProcessStartInfo("flock", ["--close", Path.Combine(folder, "lock"), "sh", "-c", "echo held; exec cat"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
            await File.WriteAllTextAsync(Path.Combine(folder, "lock.owner"), other.Id.ToString(CultureInfo.InvariantCulture));

            Assert.Contains($"is in use by process {other.Id}.", Assert.Throws<JournalLockedException>(() => new PhysicalJournalStorage(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            other.Kill(entireProcessTree: true);
            await other.WaitForExitAsync();
        }

        using var storage = new PhysicalJournalStorage(folder);
        Assert.Empty(TestRecords.NumbersIn(storage));
    }

    [Fact]
    public void Open_FolderUnderAFile_IsAClearError()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "no folder");
        var error = Assert.Throws<JournalFolderException>(() => new PhysicalJournalStorage(Path.Combine(file, "data")));

        Assert.StartsWith($"The journal's folder '{file}{Path.DirectorySeparatorChar}data' can't be used: creating it failed:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Choose a folder on a local disk that this user may write to.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderThatCannotBeWritten_IsAClearError()
    {
        // Even root may create nothing there.
        if (!OperatingSystem.IsLinux())
            return;
        Assert.StartsWith("The journal's folder '/proc/self' can't be used: locking 'lock' in it failed:", Assert.Throws<JournalFolderException>(() => new PhysicalJournalStorage("/proc/self")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DeviceReallyFull_IsKnownAsAFullDisk()
    {
        // /dev/full takes no byte, so the system's own error for a full disk comes back.
        if (!OperatingSystem.IsLinux())
            return;
        using var file = PhysicalJournalFile.Open("/dev/full", FileMode.Open);

        var error = Assert.Throws<IOException>(() => file.Write(0, [1, 2, 3]));

        Assert.Contains("The disk is full: free some space", new JournalFailedException("writing", "segment", 0, error).Message, StringComparison.Ordinal);
    }
}
