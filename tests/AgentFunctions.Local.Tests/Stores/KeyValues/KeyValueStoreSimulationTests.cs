using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Stores.KeyValues;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

/// <summary>
/// Worlds in which the power fails, processes are killed and disks refuse, at moments drawn from a seed: what was acknowledged is there, what was deleted is not, and a
/// write that got no answer has happened or has not. AGENTFUNCTIONS_SEED repeats one.
/// </summary>
public sealed class KeyValueStoreSimulationTests
{
    private const int Keys = 15;
    private const int Lives = 8;

    [Fact]
    public async Task AnyWorld_KeepsWhatWasAcknowledgedAndBringsNothingBack()
    {
        var lives = 0;
        foreach (var seed in SimulationSeeds.OneOr(150))
        {
            try
            {
                lives += await LiveAsync(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"AGENTFUNCTIONS_SEED={seed}: {e.Message}", e);
            }
        }

        Assert.True(lives > 0);
    }

    private static async Task<int> LiveAsync(int seed)
    {
        var random = new Random(seed);
        var bench = new StoreBench();
        var storage = new SimulatedStorage(new Random(seed + 1));
        // What each key may hold: one version where that is known, more where a write got no answer. 0 is none.
        var may = Enumerable.Range(0, Keys).Select(_ => new HashSet<int> { 0 }).ToArray();
        var version = 0;
        for (var life = 0; life < Lives; life++)
        {
            Arm(storage.Faults, random);
            using (var store = bench.Open(storage))
            {
                for (var step = random.Next(5, 60); step > 0 && await StepAsync(store); step--)
                {
                }

                Disarm(storage.Faults);
                storage = random.Next(3) switch { 0 => storage.Kill(), 1 => storage.Crash(random), _ => await EndAsync(store, storage) };
            }

            using var next = bench.Open(storage);
            await SettleAsync(next);
            Assert.Equal((0, 0), ((int)next.Statistics.Damaged, next.Statistics.Emptied));
        }

        return Lives;

        async Task<bool> StepAsync(FileKeyValueStore store)
        {
            // Different keys, so that what each may hold does not hang on the order.
            var picked = Enumerable.Range(0, Keys).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
            var kind = random.Next(12);
            var answers = await Task.WhenAll(kind == 0 ? [DeleteOtherAsync(store)] : picked.Select(key => random.Next(4) == 0 ? DeleteAsync(store, key) : SetAsync(store, key, ++version, random.Next(10) == 0 ? 3000 : random.Next(200), random.Next(4) == 0)));
            return !answers.Contains(false);
        }

        async Task<bool> SetAsync(FileKeyValueStore store, int key, int now, int length, bool lasting) =>
            await TryAsync([key], now, async () => Assert.NotNull(await bench.SetAsync(store, key, now, length, lasting)));

        Task<bool> DeleteAsync(FileKeyValueStore store, int key) => TryAsync([key], 0, () => store.DeleteAsync(StoreBench.Key(key), null, default));

        Task<bool> DeleteOtherAsync(FileKeyValueStore store) =>
            TryAsync([.. Enumerable.Range(0, Keys).Where(key => StoreBench.Key(key).Partition == StoreBench.Other)], 0, () => store.DeletePartitionAsync(StoreBench.Other, default));

        async Task<bool> TryAsync(int[] keys, int now, Func<Task> write)
        {
            try
            {
                await write();
                Array.ForEach(keys, key => may[key] = [now]);
                return true;
            }
            catch (Exception e) when (e is KeyValueStoreException or SimulatedCrashException)
            {
                Array.ForEach(keys, key => may[key].Add(now));
                return e.InnerException is not SimulatedCrashException && e is not SimulatedCrashException;
            }
        }

        async Task SettleAsync(FileKeyValueStore store)
        {
            for (var key = 0; key < Keys; key++)
            {
                var found = await StoreBench.VersionAsync(store, key);
                Assert.True(may[key].Contains(found), $"Key {key} has version {found} and may have {string.Join(" or ", may[key])}.");
                may[key] = [found];
            }
        }
    }

    private static async Task<SimulatedStorage> EndAsync(FileKeyValueStore store, SimulatedStorage storage)
    {
        try
        {
            await store.Ready;
        }
        catch (KeyValueStoreException)
        {
            // It could not even be read in, and is read by the next.
        }

        store.Dispose();
        return storage.Kill();
    }

    private static void Arm(SimulatedFaults faults, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                faults.CrashAt = random.Next(1, 150);
                break;
            case 1:
                faults.FailSyncAt = random.Next(1, 40);
                break;
            case 2:
                faults.FailOperationAt = random.Next(1, 100);
                break;
            case 3:
                faults.FreeBytes = random.Next(20_000);
                break;
        }
    }

    private static void Disarm(SimulatedFaults faults) => (faults.CrashAt, faults.FailSyncAt, faults.FailOperationAt, faults.FreeBytes) = (null, null, null, null);
}
