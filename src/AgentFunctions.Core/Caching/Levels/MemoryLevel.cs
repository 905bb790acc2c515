using System.Numerics;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>Entries in memory, packed, up to a number of bytes; those used longest ago go first. Cut into parts with a lock each. It knows nothing of lifetimes.</summary>
internal sealed class MemoryLevel
{
    private const long LeastShardBytes = 8L << 20;
    private const int MostShards = 64;
    private readonly MemoryShard[] shards;

    /// <summary>Memory for so many bytes, with what the entries take beside their own.</summary>
    public MemoryLevel(long mostBytes)
    {
        MostBytes = mostBytes;
        var count = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(mostBytes / LeastShardBytes, 1, MostShards));
        if (count > 1 && count * LeastShardBytes > mostBytes) count /= 2;
        shards = new MemoryShard[count];
        for (var i = 0; i < count; i++) shards[i] = new MemoryShard(mostBytes / count);
    }

    /// <summary>How many bytes it may take.</summary>
    public long MostBytes { get; }

    /// <summary>How many entries there are.</summary>
    public long Count => shards.Sum(shard => (long)shard.Count);

    /// <summary>How many bytes they take.</summary>
    public long Bytes => shards.Sum(shard => shard.Bytes);

    /// <summary>The bytes of a key, which is now the one used last; null where there are none.</summary>
    public byte[]? Get(in CacheKey key) => Shard(key).Get(key);

    /// <summary>Puts bytes; not where they alone are too many for a part, when what was there goes too.</summary>
    public void Put(in CacheKey key, byte[] packed) => Shard(key).Put(key, packed);

    /// <summary>Removes a key, only where it still has these bytes.</summary>
    public void Remove(in CacheKey key, byte[] packed) => Shard(key).Remove(key, packed);

    // The lowest bits choose the bucket within a part, so the highest choose the part.
    private MemoryShard Shard(in CacheKey key) => shards[(int)(key.Part >> 48) & (shards.Length - 1)];
}
