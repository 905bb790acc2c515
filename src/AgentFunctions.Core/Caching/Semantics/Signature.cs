using System.Runtime.InteropServices;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Semantics;

namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>
/// The numbers by which a question is found within a scope: that of its intent, and four bands of a MinHash (Broder, "On the resemblance and containment of documents", 1997) over its words, of two minima each.
/// Questions with the same words share all bands; with one word of seven more or less, at least one in 99 of 100 cases.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Signature(uint Intent, uint Band1, uint Band2, uint Band3, uint Band4)
{
    public const int Count = 5;

    public uint this[int table] => table switch
    {
        0 => Intent,
        1 => Band1,
        2 => Band2,
        3 => Band3,
        _ => Band4,
    };

    /// <summary>Whether the words are the same, as far as all bands tell.</summary>
    public bool HasWordsOf(in Signature other) => Band1 == other.Band1 && Band2 == other.Band2 && Band3 == other.Band3 && Band4 == other.Band4;

    public static Signature Of(UInt128 scope, Meaning meaning)
    {
        var seed = Fnv.Mix((ulong)scope ^ (ulong)(scope >> 64));
        Span<ulong> least = stackalloc ulong[8];
        least.Fill(ulong.MaxValue);
        if (!meaning.IsUnderstood) least[0] = Fnv.Of(meaning.Exact);
        foreach (var term in meaning.Terms)
        {
            if (term.Kind == TermKind.Soft) continue;
            for (var i = 0; i < 8; i++) least[i] = Math.Min(least[i], Fnv.Mix(term.Hash + ((ulong)(i + 1) * 0x9e3779b97f4a7c15)));
        }

        return new Signature(Fold(Fnv.Of(meaning.Intent, seed)), Band(least, 0, seed), Band(least, 1, seed), Band(least, 2, seed), Band(least, 3, seed));
    }

    private static uint Band(ReadOnlySpan<ulong> least, int band, ulong seed) => Fold(Fnv.Mix(least[band * 2] ^ Fnv.Mix(least[(band * 2) + 1] ^ seed ^ (ulong)band)));

    private static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
