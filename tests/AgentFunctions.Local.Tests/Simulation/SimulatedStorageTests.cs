using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>The simulated disk must really lose what was not synced, and nothing else, or what it proves is worth nothing.</summary>
public sealed class SimulatedStorageTests
{
    [Fact]
    public void Crash_KeepsWhatWasSynced_AndLosesOrTearsTheRest()
    {
        var outcomes = new SortedSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 300; seed++)
        {
            var storage = new SimulatedStorage(new Random(seed));
            var file = storage.Create("a");
            file.Write(0, Fill(1, 700));
            file.Sync();
            storage.SyncFolder();
            file.Write(700, Fill(2, 2000));
            storage.Create("b").Sync();
            storage.Rename("b", "c");

            var after = storage.Crash(new Random(seed));

            var bytes = after.Bytes("a");
            Assert.Equal(Fill(1, 700), bytes[..700]);
            var rest = bytes[700..];
            outcomes.Add(rest.Length == 0 ? "lost" : rest.AsSpan().IndexOfAnyExcept((byte)2) < 0 ? rest.Length == 2000 ? "kept" : "prefix" : rest[^1] == 2 ? "middle missing" : "torn");
            outcomes.Add(string.Join(',', after.List()));
            Assert.Throws<SimulatedCrashException>(() => file.Length);
        }

        Assert.Equal(["a", "a,b", "a,c", "kept", "lost", "middle missing", "prefix", "torn"], outcomes, StringComparer.Ordinal);
    }

    [Fact]
    public void Sync_AfterOneFailed_NeverMakesDurableWhatThatOneLost()
    {
        var storage = new SimulatedStorage(new Random(1));
        var file = storage.Create("a");
        storage.SyncFolder();
        file.Write(0, Fill(1, 100));
        storage.Faults.FailSyncAt = 1;
        Assert.Throws<IOException>(file.Sync);
        file.Sync();

        Assert.Equal(Fill(1, 100), storage.Bytes("a"));
        Assert.DoesNotContain((byte)1, storage.Crash(new Random(1)).Bytes("a"));
    }

    [Fact]
    public void Kill_KeepsAllButMakesNothingDurable()
    {
        var storage = new SimulatedStorage(new Random(1));
        storage.Create("a").Write(0, Fill(1, 100));
        var killed = storage.Kill();

        Assert.Equal(Fill(1, 100), killed.Bytes("a"));
        Assert.Contains(Enumerable.Range(0, 20).Select(seed => Reopen(seed).List().Count), count => count == 0);

        SimulatedStorage Reopen(int seed) => killed.Crash(new Random(seed));
    }

    [Fact]
    public void FreeBytes_UsedUp_WritesWhatFitsAndSaysDiskFull()
    {
        var storage = new SimulatedStorage(new Random(1));
        IJournalFile file = storage.Create("a");
        storage.Faults.FreeBytes = 150;
        file.Write(0, Fill(1, 100));

        Assert.Equal(28, Assert.Throws<IOException>(() => file.Write(100, Fill(1, 100))).HResult);
        Assert.Equal(150, file.Length);
        file.Write(0, Fill(2, 150));
    }

    private static byte[] Fill(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
