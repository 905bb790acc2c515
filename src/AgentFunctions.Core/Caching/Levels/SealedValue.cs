using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>
/// The form of all that the cache puts into a store: <c>AFC</c>, a version, what it is, half a SHA-256 over what it is, where it was put and what it holds, and then that.
/// So neither a flipped bit nor a value at another's address is ever taken for an answer.
/// </summary>
internal static class SealedValue
{
    private const int CheckBytes = 16;
    private const int HeaderBytes = 5 + CheckBytes;
    private const byte Version = 1;

    /// <summary>What is sealed.</summary>
    public enum Content : byte
    {
        /// <summary>An <see cref="Levels.Entry"/>.</summary>
        Entry = 1,

        /// <summary>Where the entry of an intent is.</summary>
        Pointer = 2,

        /// <summary>A document of invalidations.</summary>
        Generations = 3,

        /// <summary>What a tenant's feedback has taught.</summary>
        Feedback = 4,

        /// <summary>Nothing: the time of its writing counts.</summary>
        Clock = 5,
    }

    /// <summary>Seals a value for a place.</summary>
    public static byte[] Seal(KeyValueKey place, Content content, ReadOnlySpan<byte> value)
    {
        var stored = new byte[HeaderBytes + value.Length];
        "AFC"u8.CopyTo(stored);
        stored[3] = Version;
        stored[4] = (byte)content;
        value.CopyTo(stored.AsSpan(HeaderBytes));
        Check(place, content, value, stored.AsSpan(5, CheckBytes));
        return stored;
    }

    /// <summary>The value that was sealed for this place.</summary>
    /// <returns>Whether these bytes are one, undamaged.</returns>
    public static bool TryOpen(KeyValueKey place, Content content, ReadOnlyMemory<byte> stored, out ReadOnlyMemory<byte> value)
    {
        value = default;
        var header = stored.Span;
        if (header.Length < HeaderBytes || !header[..3].SequenceEqual("AFC"u8) || header[3] != Version || header[4] != (byte)content) return false;
        Span<byte> check = stackalloc byte[CheckBytes];
        Check(place, content, header[HeaderBytes..], check);
        if (!check.SequenceEqual(header.Slice(5, CheckBytes))) return false;
        value = stored[HeaderBytes..];
        return true;
    }

    private static void Check(KeyValueKey place, Content content, ReadOnlySpan<byte> value, Span<byte> check)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)content]);

        // As UTF-16, with lengths: no two places are alike.
        foreach (var part in (ReadOnlySpan<string>)[place.Partition.Tenant, place.Partition.Kind, place.Key])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        hash.AppendData(value);
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(full);
        full[..CheckBytes].CopyTo(check);
    }
}
