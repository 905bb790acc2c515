using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Semantics;

namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>
/// How rare words are among a tenant's own questions, learned as they come, in 256 KB for all tenants: a count-min sketch (Cormode and Muthukrishnan, "An improved data stream summary", J. Algorithms 2005) of two rows.
/// When the counters are full all are halved, so that old questions fade. Readers take no lock: a count that is a little old changes a weight a little.
/// </summary>
internal sealed class TermRarity
{
    private const int Width = 1 << 16;
    private const ulong Total = 0x5bd1e9955bd1e995;

    private readonly ushort[] first = new ushort[Width];
    private readonly ushort[] second = new ushort[Width];

    /// <summary>Counts a question. One caller at a time.</summary>
    public void Add(ulong tenant, Meaning meaning)
    {
        var full = Count(Fnv.Mix(tenant ^ Total));
        foreach (var term in meaning.Terms)
        {
            if (term.Kind == TermKind.Content) full |= Count(Fnv.Mix(tenant ^ term.Hash));
        }

        if (!full) return;
        for (var i = 0; i < Width; i++)
        {
            first[i] >>= 1;
            second[i] >>= 1;
        }
    }

    /// <summary>A term's weight: 1,000 for a word not seen yet, 300 for one in each question; half of the most for small words.</summary>
    public int WeightOf(ulong tenant, Term term)
    {
        if (term.Kind != TermKind.Content) return 500;
        var total = Get(Fnv.Mix(tenant ^ Total));
        if (total < 8) return 1000;
        var seen = Math.Min(total, Get(Fnv.Mix(tenant ^ term.Hash)));
        return 300 + (int)(700 * (1 - (Math.Log(1 + seen) / Math.Log(1 + total))));
    }

    private bool Count(ulong hash)
    {
        ref var one = ref first[hash % Width];
        ref var two = ref second[(hash >> 32) % Width];
        if (one < ushort.MaxValue) one++;
        if (two < ushort.MaxValue) two++;
        return Math.Min(one, two) == ushort.MaxValue;
    }

    private int Get(ulong hash) => Math.Min(first[hash % Width], second[(hash >> 32) % Width]);
}
