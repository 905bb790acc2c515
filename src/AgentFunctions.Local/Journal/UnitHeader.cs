using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// A unit is what one Write puts into one segment by one write and one fsync; it applies as a whole or not at all. Its first 28 bytes:
/// magic (u32) · CRC-32C (u32) of the rest of the header · sequence within the segment, from 0 (u64) · bytes of frames (u64) · records (u32).
/// Then its frames, one a record: length (u32) · CRC-32C of length and record (u32) · record.
/// All numbers are little-endian, and every check begins with the segment's salt and the offset of what it protects.
/// </summary>
/// <param name="Sequence">Its place within the segment.</param>
/// <param name="Length">Bytes of the frames behind the header.</param>
/// <param name="Records">How many frames.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitHeader(ulong Sequence, long Length, int Records)
{
    public const int Bytes = 28;
    public const int FrameBytes = 8;

    public static ReadOnlySpan<byte> Magic => [0xA7, 0x4A, 0x55, 0x1E];

    public void Write(Span<byte> destination, ulong salt, long offset)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], (ulong)Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], (uint)Records);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Crc32C.Compute(salt, offset, destination[8..Bytes]));
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, ulong salt, long offset, out UnitHeader header)
    {
        header = default;
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32C.Compute(salt, offset, bytes[8..Bytes]))
            return false;
        header = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return true;
    }

    /// <summary>The length of the record whose frame begins here, or -1 where no intact frame does.</summary>
    public static int FrameAt(ReadOnlySpan<byte> bytes, ulong salt, long offset)
    {
        if (bytes.Length < FrameBytes)
            return -1;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length <= bytes.Length - FrameBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Crc32C.ComputeFrame(salt, offset, bytes.Slice(FrameBytes, (int)length)) ? (int)length : -1;
    }
}
