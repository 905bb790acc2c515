using System.Runtime.InteropServices;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Caching.Levels;

public sealed class MemoryLevelTests
{
    [Fact]
    public void Shard_AnyPutsGetsAndRemoves_IsThatOfTheModel() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Gen.Choose(0, int.MaxValue).ArrayOf(400).ToArbitrary(), steps =>
        {
            const long Most = 4000;
            var shard = new MemoryShard(Most);
            var model = new LinkedList<(int Key, byte[] Packed)>();
            foreach (var step in steps)
            {
                var key = (step >> 4) % 60;
                var known = model.FirstOrDefault(it => it.Key == key);
                switch (step % 4)
                {
                    case 0 or 1:
                        var packed = new byte[(step >> 10) % 300];
                        if (known.Packed is not null) model.Remove(known);
                        model.AddFirst((key, packed));
                        while (model.Sum(it => it.Packed.Length + MemoryShard.Overhead) > Most) model.RemoveLast();
                        shard.Put(Key(key), packed);
                        break;
                    case 2:
                        if (!ReferenceEquals(shard.Get(Key(key)), known.Packed)) return false;
                        if (known.Packed is null) break;
                        model.Remove(known);
                        model.AddFirst(known);
                        break;
                    default:
                        if (known.Packed is null) break;
                        shard.Remove(Key(key), new byte[known.Packed.Length]);
                        if (!ReferenceEquals(shard.Get(Key(key)), known.Packed)) return false;
                        shard.Remove(Key(key), known.Packed);
                        model.Remove(known);
                        break;
                }

                if (shard.Count != model.Count || shard.Bytes != model.Sum(it => it.Packed.Length + MemoryShard.Overhead)) return false;
            }

            return Enumerable.Range(0, 60).All(key => ReferenceEquals(shard.Get(Key(key)), model.FirstOrDefault(it => it.Key == key).Packed));
        }));

    [Fact]
    public void Level_AMillionEntries_TakeLittleMoreThanTheirValues()
    {
        const int Entries = 1_000_000;
        var value = new byte[40];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var level = new MemoryLevel(1L << 30);
        for (var i = 0; i < Entries; i++) level.Put(Key(i), Packed(value, new Cost(1200, 300, 0.00042m)));
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(Entries, level.Count);
        Assert.NotNull(level.Get(Key(0)));
        Assert.NotNull(level.Get(Key(Entries - 1)));
        Assert.InRange((taken / (double)Entries) - value.Length, 80, 150);
        Assert.InRange(taken / (double)level.Bytes, 0.8, 1.2);
        GC.KeepAlive(level);
    }

    [Fact]
    public void Put_LargerThanAPart_IsNotKeptAndTakesTheOldOneWithIt()
    {
        var level = new MemoryLevel(1 << 20);
        level.Put(Key(1), new byte[10]);
        level.Put(Key(1), new byte[1 << 20]);

        Assert.Null(level.Get(Key(1)));
        Assert.Equal((0, 0), (level.Count, level.Bytes));
    }

    [Fact]
    public void Level_ManyThreads_StaysWhole()
    {
        var level = new MemoryLevel(1 << 20);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var key = Key((i * 7919 * (thread + 1)) % 2000);
                if (level.Get(key) is { } packed && i % 5 == 0) level.Remove(key, packed);
                else level.Put(key, new byte[i % 900]);
            }
        });

        Assert.InRange(level.Bytes, 1, 1 << 20);
        var kept = Enumerable.Range(0, 2000).Select(i => level.Get(Key(i))).OfType<byte[]>().ToList();
        Assert.Equal(level.Count, kept.Count);
        Assert.Equal(level.Bytes, kept.Sum(packed => (long)packed.Length + MemoryShard.Overhead));
    }

    [Fact]
    public void Entry_PackedAndUnpacked_IsTheSame()
    {
        var entry = new Entry
        {
            Kind = CacheKind.Tool,
            Negative = true,
            Created = -5,
            Ttl = TimeSpan.FromDays(365),
            StaleFor = TimeSpan.FromTicks(1),
            Stamp = new GenerationStamp(0b1_0000_0000_0000_0011, [0, (7UL << 32) | 3, ulong.MaxValue], [1, ulong.MaxValue]),
            Cost = new Cost(long.MaxValue, 0, -79228162514264337593543.950335m, Estimated: true),
            Question = "wie \ud800 geht's?",
            Scope = Key(3),
            Value = new byte[] { 1, 2, 3 },
        };
        var packed = entry.Pack();
        var read = Entry.Unpack(packed);

        Assert.Equal(entry with { Value = default, Stamp = read.Stamp }, read with { Value = default });
        Assert.Equal([1, 2, 3], read.Value.ToArray());
        Assert.Equal(entry.Stamp.Documents, read.Stamp.Documents);
        Assert.Equal(entry.Stamp.Moments, read.Stamp.Moments);
        Assert.Equal(entry.Stamp.Tags, read.Stamp.Tags);
        Assert.Equal(77, Entry.Unpack(Entry.WithCreated(packed, 77)).Created);
        for (var length = 0; length < packed.Length - 3; length++) Assert.Throws<InvalidDataException>(() => Entry.Unpack(packed.AsMemory(0, length)));
    }

    private static byte[] Packed(byte[] value, Cost cost) =>
        new Entry { Kind = CacheKind.Response, Created = 1, Ttl = TimeSpan.FromMinutes(5), Stamp = new GenerationStamp(0b11_0000_0000_0000_0001, [0, 0, 0], []), Cost = cost, Value = value }.Pack();

    private static CacheKey Key(int number) => CacheKey.Of(MemoryMarshal.AsBytes([number]));
}
