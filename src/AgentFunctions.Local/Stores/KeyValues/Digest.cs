using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>The first half of a SHA-256: enough to find a key by, small enough for millions in memory.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Digest(ulong A, ulong B)
{
    public const int Bytes = 16;

    public static Digest Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, A);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], B);
    }

    /// <summary>Of a hash, any part is as good as another.</summary>
    public override int GetHashCode() => (int)A;
}

/// <summary>
/// A key as the store knows it: hashes in place of texts, so that any text is a key and all keys are equally small. The index goes by
/// <see cref="Key"/>; on disk stands <see cref="Rest"/> too, and what is read must agree in all 256 bits.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyAddress(Digest Partition, Digest Key, Digest Rest)
{
    private const int OnStack = 512;

    public static KeyAddress Of(KeyValueKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var partition = Of(key.Partition);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(partition, key.Key, "", hash);
        return new(partition, Digest.Read(hash), Digest.Read(hash[Digest.Bytes..]));
    }

    public static Digest Of(KeyValuePartition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // The first text's length comes first, so that no two pairs are one text.
        Hash(new Digest((ulong)partition.Tenant.Length, 0), partition.Tenant, partition.Kind, hash);
        return Digest.Read(hash);
    }

    // Texts are taken as UTF-16, as they are: not every string can be written in UTF-8.
    private static void Hash(Digest head, string first, string second, Span<byte> hash)
    {
        var one = MemoryMarshal.AsBytes<char>(first);
        var two = MemoryMarshal.AsBytes<char>(second);
        var length = Digest.Bytes + one.Length + two.Length;
        var bytes = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        head.Write(bytes);
        one.CopyTo(bytes[Digest.Bytes..]);
        two.CopyTo(bytes[(Digest.Bytes + one.Length)..]);
        SHA256.HashData(bytes[..length], hash);
    }
}
