using System.Numerics;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>
/// A part of the memory: a hash table with chains, and a list from the entry used last to that used longest ago, both by numbers into the same nodes.
/// A node has 56 bytes, its share of the buckets 4 to 8, and an array's header 24. Thread-safe.
/// </summary>
/// <param name="mostBytes">How many bytes it may take.</param>
internal sealed class MemoryShard(long mostBytes)
{
    /// <summary>What an entry takes beside its own bytes.</summary>
    public const int Overhead = 88;

    private const int None = -1;
    private const int ChunkBits = 10;
    private readonly Lock gate = new();

    // In chunks, so that growing neither copies nor leaves room for as many again.
    private readonly List<Node[]> chunks = [];
    private int[] buckets = NewBuckets(16);
    private int used;
    private int free = None;
    private int newest = None;
    private int oldest = None;
    private int count;
    private long bytes;

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get
        {
            lock (gate) return count;
        }
    }

    /// <summary>How many bytes they take.</summary>
    public long Bytes
    {
        get
        {
            lock (gate) return bytes;
        }
    }

    /// <summary>The bytes of a key, which is now the one used last.</summary>
    public byte[]? Get(in CacheKey key)
    {
        lock (gate)
        {
            var found = Find(key);
            if (found == None) return null;
            if (found != newest)
            {
                Unlink(found);
                LinkAsNewest(found);
            }

            return At(found).Packed;
        }
    }

    /// <summary>Puts bytes under a key, and lets go what is too much.</summary>
    public void Put(in CacheKey key, byte[] packed)
    {
        lock (gate)
        {
            if (Find(key) is var existing and not None) Drop(existing);
            if (packed.Length + Overhead > mostBytes) return;
            while (bytes + packed.Length + Overhead > mostBytes) Drop(oldest);
            if (count == buckets.Length) Grow();
            var number = Take();
            ref var node = ref At(number);
            ref var bucket = ref buckets[Bucket(key)];
            (node.Key, node.Packed, node.Next) = (key, packed, bucket);
            bucket = number;
            LinkAsNewest(number);
            count++;
            bytes += packed.Length + Overhead;
        }
    }

    /// <summary>Removes a key where it still has these bytes.</summary>
    public void Remove(in CacheKey key, byte[] packed)
    {
        lock (gate)
        {
            var found = Find(key);
            if (found != None && ReferenceEquals(At(found).Packed, packed)) Drop(found);
        }
    }

    private static int[] NewBuckets(int length)
    {
        var fresh = new int[length];
        Array.Fill(fresh, None);
        return fresh;
    }

    private ref Node At(int number) => ref chunks[number >> ChunkBits][number & ((1 << ChunkBits) - 1)];

    private int Bucket(in CacheKey key) => (int)(key.Part & (uint)(buckets.Length - 1));

    private int Find(in CacheKey key)
    {
        var number = buckets[Bucket(key)];
        while (number != None && At(number).Key != key) number = At(number).Next;
        return number;
    }

    private int Take()
    {
        if (free != None)
        {
            var taken = free;
            free = At(taken).Next;
            return taken;
        }

        if (used >> ChunkBits == chunks.Count) chunks.Add(new Node[1 << ChunkBits]);
        return used++;
    }

    private void Drop(int number)
    {
        ref var node = ref At(number);
        ref var at = ref buckets[Bucket(node.Key)];
        while (at != number) at = ref At(at).Next;
        at = node.Next;
        Unlink(number);
        count--;
        bytes -= node.Packed!.Length + Overhead;
        (node.Packed, node.Next) = (null, free);
        free = number;
    }

    private void Unlink(int number)
    {
        ref var node = ref At(number);
        if (node.Newer == None) newest = node.Older;
        else At(node.Newer).Older = node.Older;
        if (node.Older == None) oldest = node.Newer;
        else At(node.Older).Newer = node.Newer;
    }

    private void LinkAsNewest(int number)
    {
        ref var node = ref At(number);
        (node.Newer, node.Older) = (None, newest);
        if (newest == None) oldest = number;
        else At(newest).Newer = number;
        newest = number;
    }

    private void Grow()
    {
        buckets = NewBuckets((int)BitOperations.RoundUpToPowerOf2((uint)buckets.Length + 1));
        for (var number = newest; number != None; number = At(number).Older)
        {
            ref var node = ref At(number);
            ref var bucket = ref buckets[Bucket(node.Key)];
            node.Next = bucket;
            bucket = number;
        }
    }

    private struct Node
    {
        public CacheKey Key;
        public byte[]? Packed;
        public int Next;
        public int Newer;
        public int Older;
    }
}
