using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// The first 32 bytes of a segment file, in every version of the format:
/// magic (8 bytes) · version (u32) · segment number (u32) · salt (u64) · zero (u32) · CRC-32C of the 28 bytes before (u32). All numbers are little-endian.
/// After it come units (see <see cref="UnitHeader"/>). The salt is random and enters every check in the file, so a record that happens to hold
/// a journal's bytes can't be taken for a part of this one.
/// </summary>
/// <param name="Number">The segment's number, from 1.</param>
/// <param name="Salt">Enters every check in the file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SegmentHeader(int Number, ulong Salt)
{
    public const int Bytes = 32;
    public const uint Version = 1;
    private const string Prefix = "segment-";
    private const string Suffix = ".journal";

    private static ReadOnlySpan<byte> Magic => "AFNJSEGM"u8;

    public static string FileName(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D10}{Suffix}");

    public static bool IsFileName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);

    public void Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], (uint)Number);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Crc32C.Compute(destination[..28]));
    }

    /// <summary>Reads the header of segment <paramref name="number"/>.</summary>
    /// <exception cref="JournalDamagedException">It is not the header of this segment.</exception>
    /// <exception cref="JournalVersionException">It is of another version.</exception>
    public static SegmentHeader Read(IJournalFile file, int number)
    {
        var name = FileName(number);
        Span<byte> bytes = stackalloc byte[Bytes];
        if (file.Read(0, bytes) < Bytes)
            throw new JournalDamagedException(name, 0, "the file is shorter than a segment's header.");
        if (!bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32C.Compute(bytes[..28]))
            throw new JournalDamagedException(name, 0, "the segment's header does not match its check.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version)
            throw new JournalVersionException(name, version, Version);
        var actual = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        return actual == number
            ? new(actual, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]))
            : throw new JournalDamagedException(name, 12, $"the header says that this is segment {actual}, so the file was renamed or copied.");
    }
}
