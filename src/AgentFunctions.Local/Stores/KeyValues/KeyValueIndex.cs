using System.Runtime.InteropServices;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>Where a key's value is.</summary>
/// <param name="Position">The record; the default where it is damaged (only while the store is being read in).</param>
/// <param name="Sequence">The write's number: the ETag.</param>
/// <param name="Expires">UTC ticks; 0 for never.</param>
/// <param name="Partition">The partition's number in this index.</param>
/// <param name="Size">What the record takes in the file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexSlot(JournalPosition Position, long Sequence, long Expires, int Partition, int Size)
{
    public bool IsLasting => Expires == 0;

    public bool IsLost => Position.Packed == 0;

    public bool IsThere(long now) => Expires == 0 || Expires > now;
}

/// <summary>The keys in memory, about 90 bytes each. One thread writes, under <see cref="Gate"/>; others read under it; the writer reads without.</summary>
internal sealed class KeyValueIndex
{
    private readonly Dictionary<Digest, IndexSlot> slots = [];
    private readonly Dictionary<Digest, int> partitions = [];

    public Lock Gate { get; } = new();

    public int Count => slots.Count;

    /// <summary>What the records of all values take in the files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Of them, those without an end.</summary>
    public long LastingBytes { get; private set; }

    /// <summary>How many have no end.</summary>
    public int Lasting { get; private set; }

    public IEnumerable<KeyValuePair<Digest, IndexSlot>> All => slots;

    /// <summary>The partition's number, a new one where it has none. Only the writer.</summary>
    public int PartitionOf(Digest partition)
    {
        if (!partitions.TryGetValue(partition, out var number))
            partitions.Add(partition, number = partitions.Count);
        return number;
    }

    public bool TryGetPartition(Digest partition, out int number) => partitions.TryGetValue(partition, out number);

    public bool TryGet(Digest key, out IndexSlot slot) => slots.TryGetValue(key, out slot);

    public void Put(Digest key, IndexSlot slot)
    {
        Remove(key);
        slots.Add(key, slot);
        Account(slot, 1);
    }

    public bool Remove(Digest key)
    {
        if (!slots.Remove(key, out var old))
            return false;
        Account(old, -1);
        return true;
    }

    public void Clear()
    {
        slots.Clear();
        slots.TrimExcess();
        partitions.Clear();
        (Bytes, LastingBytes, Lasting) = (0, 0, 0);
    }

    private void Account(IndexSlot slot, int sign)
    {
        Bytes += sign * slot.Size;
        if (!slot.IsLasting)
            return;
        LastingBytes += sign * slot.Size;
        Lasting += sign;
    }
}
