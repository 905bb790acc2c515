using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720, section 12.1), by the processor's instruction where it has one.
/// The journal's checks begin with the salt of the segment and the offset, so bytes that are intact but in the wrong place or file fail.
/// </summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    /// <summary>The check of these bytes at this place.</summary>
    public static uint Compute(ulong salt, long offset, ReadOnlySpan<byte> data) => ~Update(Begin(salt, offset), data);

    /// <summary>The check of a frame: its length, then its record.</summary>
    public static uint ComputeFrame(ulong salt, long offset, ReadOnlySpan<byte> record) => ~Update(BitOperations.Crc32C(Begin(salt, offset), (uint)record.Length), record);

    private static uint Begin(ulong salt, long offset) => BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, salt), (ulong)offset);

    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var value in data[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
