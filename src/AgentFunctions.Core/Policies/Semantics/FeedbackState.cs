namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// What people have said of pairs of questions: for each pair, by its hash, the score it had and whether the answer was right. A pair counts once, so that a repeated word is no stronger than the first, and so that
/// what two workers have learned can be joined in any order and any number of times with one result. "Wrong" goes before "right". Bounded: the pairs that are right go first. Immutable.
/// </summary>
internal sealed class FeedbackState
{
    /// <summary>The most pairs of a tenant: 2,048.</summary>
    public const int MostPairs = 2048;

    /// <summary>How fine scores are kept: in hundredths.</summary>
    public const int Steps = 100;

    private readonly SortedDictionary<ulong, byte> pairs;

    private FeedbackState(SortedDictionary<ulong, byte> pairs) => this.pairs = pairs;

    public static FeedbackState Empty { get; } = new([]);

    public int Count => pairs.Count;

    /// <summary>A pair's number, whichever of the two is first.</summary>
    public static ulong PairOf(string one, string other)
    {
        var (a, b) = (Fnv.Of(one), Fnv.Of(other));
        return Fnv.Mix(Math.Min(a, b) ^ Fnv.Mix(Math.Max(a, b) + 0x9e3779b97f4a7c15));
    }

    /// <summary>The state after one more word.</summary>
    public FeedbackState With(ulong pair, double score, bool right)
    {
        var next = new SortedDictionary<ulong, byte>(pairs);
        Put(next, pair, Entry((int)Math.Floor(Math.Clamp(score, 0, 1) * Steps), right));
        return new FeedbackState(Bounded(next));
    }

    /// <summary>What both have learned.</summary>
    public FeedbackState Joined(FeedbackState other)
    {
        var next = new SortedDictionary<ulong, byte>(pairs);
        foreach (var (pair, entry) in other.pairs) Put(next, pair, entry);
        return new FeedbackState(Bounded(next));
    }

    /// <summary>Whether somebody called the pair wrong.</summary>
    public bool IsWrong(ulong pair) => pairs.TryGetValue(pair, out var entry) && !IsRight(entry);

    /// <summary>How many pairs of each score, in hundredths, were right and wrong.</summary>
    public (int[] Right, int[] Wrong) Counts()
    {
        var (right, wrong) = (new int[Steps + 1], new int[Steps + 1]);
        foreach (var entry in pairs.Values) (IsRight(entry) ? right : wrong)[entry >> 1]++;
        return (right, wrong);
    }

    /// <summary>Nine bytes a pair, after one that names the format.</summary>
    public byte[] Save()
    {
        if (pairs.Count == 0) return [];
        var bytes = new byte[1 + (9 * pairs.Count)];
        bytes[0] = 1;
        var at = 1;
        foreach (var (pair, entry) in pairs)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), pair);
            bytes[at + 8] = entry;
            at += 9;
        }

        return bytes;
    }

    /// <summary>What Save gave.</summary>
    /// <exception cref="InvalidDataException">This is nothing that Save gave.</exception>
    public static FeedbackState Load(ReadOnlySpan<byte> saved)
    {
        if (saved.IsEmpty) return Empty;
        if (saved[0] != 1 || saved.Length % 9 != 1 || saved.Length > 1 + (9 * MostPairs)) throw new InvalidDataException($"Saved feedback of {saved.Length} bytes that begins with {saved[0]} can't be read: it has to begin with 1 and have 9 bytes for each of up to {MostPairs} pairs. Delete it; the threshold starts anew.");
        var loaded = new SortedDictionary<ulong, byte>();
        for (var at = 1; at < saved.Length; at += 9)
        {
            var entry = saved[at + 8];
            if (entry >> 1 > Steps) throw new InvalidDataException($"Saved feedback holds a score of {entry >> 1} hundredths. It was damaged: delete it; the threshold starts anew.");
            Put(loaded, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(saved[at..]), entry);
        }

        return new FeedbackState(loaded);
    }

    private static byte Entry(int score, bool right) => (byte)((score << 1) | (right ? 1 : 0));

    private static bool IsRight(byte entry) => (entry & 1) == 1;

    /// <summary>Of two entries of a pair the wrong one stays, then the one with the higher score.</summary>
    private static void Put(SortedDictionary<ulong, byte> pairs, ulong pair, byte entry)
    {
        if (!pairs.TryGetValue(pair, out var before) || (IsRight(before) && !IsRight(entry)) || (IsRight(before) == IsRight(entry) && entry > before)) pairs[pair] = entry;
    }

    private static SortedDictionary<ulong, byte> Bounded(SortedDictionary<ulong, byte> pairs)
    {
        while (pairs.Count > MostPairs)
        {
            ulong? victim = null;
            foreach (var (pair, entry) in pairs)
            {
                if (!IsRight(entry)) continue;
                victim = pair;
                break;
            }

            pairs.Remove(victim ?? pairs.Keys.First());
        }

        return pairs;
    }
}
