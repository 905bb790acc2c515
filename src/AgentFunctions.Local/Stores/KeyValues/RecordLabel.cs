using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>What a record says.</summary>
internal enum RecordKind : byte
{
    /// <summary>A key has this value from now on.</summary>
    Set = 1,

    /// <summary>A key has no value from now on.</summary>
    Deleted = 2,

    /// <summary>All keys of a partition have no value from now on.</summary>
    PartitionDeleted = 3,
}

/// <summary>
/// What a record is about. It stands before the value and again behind it, each with a check of its own, so that damage in one place never leaves it unknown
/// which key a record was for: a lost overwrite or deletion would bring an older value back. 73 bytes: CRC-32C with the segment's salt and the place (u32) ·
/// kind (u8) · sequence (i64) · end in UTC ticks, 0 for never (i64) · partition (16) · key (32) · bytes of the value (i32).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordLabel(RecordKind Kind, long Sequence, long Expires, KeyAddress Address, int ValueBytes)
{
    public const int Bytes = 73;

    /// <summary>What a record takes in the file beyond its value: frame and labels.</summary>
    public const int Overhead = UnitHeader.FrameBytes + (2 * Bytes);

    private const int CheckBytes = 4;

    /// <summary>A value without an end is not one to be made anew, and what has an end may depend on it.</summary>
    public bool IsLasting => Expires == 0;

    /// <summary>What the record takes in the file.</summary>
    public int Size => Overhead + ValueBytes;

    /// <summary>The value within a record.</summary>
    public static ReadOnlyMemory<byte> ValueOf(ReadOnlyMemory<byte> record) => record[Bytes..^Bytes];

    /// <summary>Writes a label that stands at this offset of the file.</summary>
    public void Write(Span<byte> to, ulong salt, long offset)
    {
        to[4] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[5..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[13..], Expires);
        Address.Partition.Write(to[21..]);
        Address.Key.Write(to[37..]);
        Address.Rest.Write(to[53..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[69..], ValueBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to, Crc32C.Compute(salt, offset, to[CheckBytes..Bytes]));
    }

    /// <summary>Reads a label that stands at this offset of the file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ulong salt, long offset, out RecordLabel label)
    {
        label = default;
        if (from.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(from) != Crc32C.Compute(salt, offset, from[CheckBytes..Bytes]))
            return false;
        var address = new KeyAddress(Digest.Read(from[21..]), Digest.Read(from[37..]), Digest.Read(from[53..]));
        label = new((RecordKind)from[4], BinaryPrimitives.ReadInt64LittleEndian(from[5..]), BinaryPrimitives.ReadInt64LittleEndian(from[13..]), address, BinaryPrimitives.ReadInt32LittleEndian(from[69..]));
        return label.ValueBytes >= 0;
    }
}
