namespace AgentFunctions.Core.Policies;

/// <summary>A hash that is the same in every process: FNV-1a of 64 bits with a finaliser (Fowler, Noll, Vo; the mix is that of MurmurHash3). Not for secrets.</summary>
internal static class Fnv
{
    /// <summary>The hash of a text's UTF-16.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seed">Where to begin: the hash of what comes before, where there is something.</param>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 14695981039346656037)
    {
        foreach (var character in text) seed = (seed ^ character) * 1099511628211;
        return Mix(seed);
    }

    /// <summary>Spreads a number over all bits.</summary>
    /// <param name="value">The number.</param>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
