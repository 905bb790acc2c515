using System.Buffers;
using System.Text;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>
/// Questions by the numbers of their <see cref="Signature"/> and by key, in bounded memory and without an object for each: a ring of blocks of 256 entries, whose oldest block makes room for the newest. Chains go from newer to older entries.
/// Since the oldest go first, a chain ends where the next entry is not older than the one before: nothing has to be unlinked. One caller at a time.
/// </summary>
internal sealed class QuestionIndex(int mostQuestions)
{
    private const int BlockSize = 256;
    private const int Tables = Signature.Count + 1;
    private const int ByKey = Signature.Count;

    /// <summary>So many entries of a chain are looked at.</summary>
    private const int LongestWalk = 128;

    private readonly int mostBlocks = mostQuestions / BlockSize;
    private readonly List<Block> blocks = [];
    private int[][] heads = Heads(1024);
    private long next;

    /// <summary>How many questions it has, those that were removed and not yet overwritten included.</summary>
    public int Held => (int)Math.Min(next, (long)blocks.Count * BlockSize);

    public int Live { get; private set; }

    public void Add(UInt128 scope, in Signature signature, ulong kept, string question, string key)
    {
        Remove(scope, key);
        var (slot, block) = Room();
        ref var entry = ref block.Entries[slot % BlockSize];
        entry = new Entry { Scope = scope, Signature = signature, Kept = kept, Sequence = next, KeyHash = KeyOf(scope, key), IsLive = true };
        block.Write(ref entry, question, key);
        for (var table = 0; table < Tables; table++) Link(slot, ref entry, table);
        next++;
        Live++;
        if (next > heads[0].Length) Grow();
    }

    public void Remove(UInt128 scope, string key)
    {
        var hash = KeyOf(scope, key);
        for (int slot = First(ByKey, hash), steps = 0; slot >= 0 && steps < LongestWalk; slot = After(slot, ByKey), steps++)
        {
            ref var entry = ref At(slot);
            if (!entry.IsLive || entry.KeyHash != hash || entry.Scope != scope || BlockOf(slot).Key(ref entry) != key) continue;
            entry.IsLive = false;
            Live--;
        }
    }

    /// <summary>The entries of a scope in a table under a number, newest first, with the same kept words; where all bands have to be the same, only those with the same words at all.</summary>
    public void Find(UInt128 scope, in Signature signature, ulong kept, int table, bool sameWords, int most, List<Candidate> found)
    {
        var hash = signature[table];
        for (int slot = First(table, hash), steps = 0; slot >= 0 && steps < LongestWalk && found.Count < most; slot = After(slot, table), steps++)
        {
            ref var entry = ref At(slot);
            if (!entry.IsLive || entry.Signature[table] != hash || entry.Kept != kept || entry.Scope != scope || (sameWords && !entry.Signature.HasWordsOf(signature))) continue;
            var sequence = entry.Sequence;
            if (found.Exists(candidate => candidate.Sequence == sequence)) continue;
            found.Add(new Candidate(sequence, BlockOf(slot).Key(ref entry), BlockOf(slot).Question(ref entry)));
        }
    }

    private static int[][] Heads(int size)
    {
        var empty = new int[Tables][];
        for (var i = 0; i < Tables; i++)
        {
            empty[i] = new int[size];
            Array.Fill(empty[i], -1);
        }

        return empty;
    }

    private static uint KeyOf(UInt128 scope, string key)
    {
        var hash = Fnv.Of(key, (ulong)scope);
        return (uint)(hash ^ (hash >> 32));
    }

    private Block BlockOf(int slot) => blocks[slot / BlockSize];

    private ref Entry At(int slot) => ref BlockOf(slot).Entries[slot % BlockSize];

    private (int Slot, Block Block) Room()
    {
        var slot = (int)(next % ((long)mostBlocks * BlockSize));
        if (slot / BlockSize == blocks.Count) blocks.Add(new Block());
        else if (slot % BlockSize == 0) Live -= blocks[slot / BlockSize].Clear();
        return (slot, blocks[slot / BlockSize]);
    }

    private void Link(int slot, ref Entry entry, int table)
    {
        ref var head = ref heads[table][entry[table] % (uint)heads[table].Length];
        entry.Next(table) = First(table, entry[table]);
        head = slot;
    }

    /// <summary>The newest entry of a chain. A head whose slot went to an entry of another chain is the head of a chain that is gone.</summary>
    private int First(int table, uint hash)
    {
        var bucket = hash % (uint)heads[table].Length;
        var slot = heads[table][bucket];
        return slot >= 0 && Belongs(slot, table, bucket) ? slot : -1;
    }

    private int After(int slot, int table)
    {
        ref var entry = ref At(slot);
        var after = entry.Next(table);
        return after >= 0 && At(after).Sequence < entry.Sequence && Belongs(after, table, entry[table] % (uint)heads[table].Length) ? after : -1;
    }

    private bool Belongs(int slot, int table, uint bucket)
    {
        ref var entry = ref At(slot);
        return entry.Sequence >= 0 && entry[table] % (uint)heads[table].Length == bucket;
    }

    private void Grow()
    {
        if (heads[0].Length >= (long)mostBlocks * BlockSize) return;
        heads = Heads(heads[0].Length * 2);
        for (var slot = 0; slot < Held; slot++)
        {
            ref var entry = ref At(slot);
            if (entry.Sequence < 0) continue;
            for (var table = 0; table < Tables; table++) Link(slot, ref entry, table);
        }
    }

    internal readonly record struct Candidate(long Sequence, string Key, string Question);

    private struct Entry
    {
        public UInt128 Scope;
        public Signature Signature;
        public ulong Kept;
        public long Sequence;
        public uint KeyHash;
        public int Start;
        public ushort QuestionLength;
        public ushort KeyLength;
        public bool IsLive;
        public bool KeyIsHex;
        private Nexts nexts;

        public readonly uint this[int table] => table == ByKey ? KeyHash : Signature[table];

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref int Next(int table) => ref nexts[table];
    }

    [System.Runtime.CompilerServices.InlineArray(Tables)]
    private struct Nexts
    {
        private int first;
    }

    /// <summary>256 entries and their texts.</summary>
    private sealed class Block
    {
        private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

        private byte[] texts = new byte[4096];
        private int used;

        public Entry[] Entries { get; } = Empty();

        public int Clear()
        {
            var live = Entries.Count(entry => entry.IsLive);
            for (var i = 0; i < BlockSize; i++) Entries[i] = new Entry { Sequence = -1 };
            used = 0;
            return live;
        }

        public void Write(ref Entry entry, string question, string key)
        {
            entry.Start = used;
            entry.KeyIsHex = key.Length % 2 == 0 && key.AsSpan().IndexOfAnyExcept(HexDigits) < 0;
            var needed = Encoding.UTF8.GetMaxByteCount(question.Length) + Encoding.UTF8.GetMaxByteCount(key.Length);
            if (used + needed > texts.Length) Array.Resize(ref texts, Math.Max(texts.Length * 3 / 2, used + needed));
            entry.QuestionLength = (ushort)Encoding.UTF8.GetBytes(question, texts.AsSpan(used));
            used += entry.QuestionLength;
            entry.KeyLength = (ushort)(entry.KeyIsHex ? key.Length / 2 : Encoding.UTF8.GetByteCount(key));
            if (entry.KeyIsHex) Convert.FromHexString(key, texts.AsSpan(used), out _, out _);
            else Encoding.UTF8.GetBytes(key, texts.AsSpan(used));
            used += entry.KeyLength;
        }

        public string Question(ref readonly Entry entry) => Encoding.UTF8.GetString(texts, entry.Start, entry.QuestionLength);

        public string Key(ref readonly Entry entry)
        {
            var bytes = texts.AsSpan(entry.Start + entry.QuestionLength, entry.KeyLength);
            return entry.KeyIsHex ? Convert.ToHexStringLower(bytes) : Encoding.UTF8.GetString(bytes);
        }

        private static Entry[] Empty()
        {
            var entries = new Entry[BlockSize];
            for (var i = 0; i < BlockSize; i++) entries[i].Sequence = -1;
            return entries;
        }
    }
}
