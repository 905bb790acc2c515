using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Stores.KeyValues;

/// <summary>Any sequence of operations, with restarts between, leaves what a dictionary would hold.</summary>
public sealed class KeyValueStoreModelTests
{
    private const int Keys = 12;

    [Fact]
    public void AnySequenceOfOperations_EqualsADictionary() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(200), Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), operations => HoldsAsync(operations).GetAwaiter().GetResult()));

    private static async Task<bool> HoldsAsync(int[] operations)
    {
        var bench = new StoreBench();
        var storage = new MemoryJournalStorage();
        var model = new Dictionary<int, (int Version, string ETag, DateTimeOffset? Expires)>();
        var store = bench.Open(storage);
        var version = 0;
        foreach (var operation in operations)
        {
            var key = Math.Abs(operation % Keys);
            var choice = Math.Abs(operation / Keys % 20);
            bool IsThere(int k) => model.TryGetValue(k, out var m) && !(m.Expires <= bench.Time.GetUtcNow());
            switch (choice)
            {
                case < 8:
                    var condition = (choice % 4, IsThere(key)) switch { (0, _) => WriteCondition.New, (1, true) => WriteCondition.Match(model[key].ETag), (1, false) => WriteCondition.Match("\"1\""), _ => WriteCondition.Always };
                    var taken = condition.MustBeNew ? !IsThere(key) : condition.ETag is null || IsThere(key);
                    DateTimeOffset? expires = choice < 2 ? null : bench.Time.GetUtcNow().AddSeconds(choice);
                    var etag = await store.SetAsync(StoreBench.Key(key), StoreBench.Value(key, ++version, choice == 7 ? 5000 : 60), expires, condition, default);
                    Assert.Equal(taken, etag is not null);
                    if (taken)
                        model[key] = (version, etag!, expires);
                    break;
                case < 11:
                    Assert.Equal(IsThere(key), await store.DeleteAsync(StoreBench.Key(key), choice == 8 && IsThere(key) ? model[key].ETag : null, default));
                    model.Remove(key);
                    break;
                case 11:
                    await store.DeletePartitionAsync(StoreBench.Key(key).Partition, default);
                    foreach (var gone in model.Keys.Where(k => StoreBench.Key(k).Partition == StoreBench.Key(key).Partition).ToList())
                        model.Remove(gone);
                    break;
                case 12:
                    Assert.Equal(model.Keys.Count(k => !IsThere(k)), await store.SweepAsync(100, default));
                    foreach (var gone in model.Keys.Where(k => !IsThere(k)).ToList())
                        model.Remove(gone);
                    break;
                case 13:
                    bench.Time.Advance(TimeSpan.FromSeconds(3));
                    break;
                case < 17:
                    store.Dispose();
                    store = bench.Open(storage);
                    break;
                default:
                    Assert.Equal(IsThere(key) ? model[key].Version : 0, await StoreBench.VersionAsync(store, key));
                    break;
            }
        }

        for (var key = 0; key < Keys; key++)
        {
            var entry = await store.GetAsync(StoreBench.Key(key), default);
            var there = model.TryGetValue(key, out var m) && !(m.Expires <= bench.Time.GetUtcNow());
            Assert.Equal(there ? (m.ETag, m.Expires) : default, entry is null ? default : (entry.ETag, entry.Expires));
            Assert.Equal(there ? m.Version : 0, await StoreBench.VersionAsync(store, key));
        }

        store.Dispose();
        Assert.Empty(bench.Warnings);
        return true;
    }
}
