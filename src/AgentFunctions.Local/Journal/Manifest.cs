using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AgentFunctions.Local.Journal;

/// <summary>A segment as the manifest names it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Length">Its length for ever; null for the last one where it still grows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ManifestEntry(int Number, long? Length)
{
    public string FileName => SegmentHeader.FileName(Number);
}

/// <summary>
/// The file that says which segments are the journal, in ascending order. It is replaced by a rename, so there is always exactly one truth: a segment
/// that it does not name is not part of the journal, one that it names and that is missing or too short is damage. Layout:
/// magic (8 bytes) · version (u32) · count (u32) · for each: number (u32), 1 where it still grows (u32), length (u64) · CRC-32C of all before (u32).
/// </summary>
internal sealed record Manifest(IReadOnlyList<ManifestEntry> Segments)
{
    public const string FileName = "manifest";
    public const string NewFileName = "manifest.new";
    public const uint Version = 1;
    private const int HeaderBytes = 16;
    private const int EntryBytes = 16;

    private static ReadOnlySpan<byte> Magic => "AFNJMANI"u8;

    /// <summary>Reads the one in force.</summary>
    /// <exception cref="JournalDamagedException">It can't be read.</exception>
    /// <exception cref="JournalVersionException">It is of another version.</exception>
    public static Manifest Load(IJournalStorage storage)
    {
        using var file = storage.Open(FileName);
        if (file.Length is < HeaderBytes + sizeof(uint) or > int.MaxValue)
            throw new JournalDamagedException(FileName, 0, $"its length of {file.Length} bytes can't be.");
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) < bytes.Length || !bytes.AsSpan().StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan()[^4..]) != Crc32C.Compute(bytes.AsSpan()[..^4]))
            throw new JournalDamagedException(FileName, 0, "it does not match its check.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (version != Version)
            throw new JournalVersionException(FileName, version, Version);
        var entries = new ManifestEntry[BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12))];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = bytes.AsSpan(HeaderBytes + i * EntryBytes, EntryBytes);
            var grows = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) == 1;
            entries[i] = new((int)BinaryPrimitives.ReadUInt32LittleEndian(entry), grows ? null : (long)BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]));
        }

        return new(entries);
    }

    /// <summary>Writes it, durably, beside the one in force.</summary>
    public void Prepare(IJournalStorage storage)
    {
        var bytes = Encode();
        if (storage.List().Contains(NewFileName, StringComparer.Ordinal))
            storage.Delete(NewFileName);
        using var file = storage.Create(NewFileName);
        file.Write(0, bytes);
        file.Sync();
    }

    /// <summary>Puts the prepared one in force.</summary>
    public static void Publish(IJournalStorage storage)
    {
        storage.Rename(NewFileName, FileName);
        storage.SyncFolder();
    }

    private byte[] Encode()
    {
        var bytes = new byte[HeaderBytes + Segments.Count * EntryBytes + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)Segments.Count);
        for (var i = 0; i < Segments.Count; i++)
        {
            var entry = bytes.AsSpan(HeaderBytes + i * EntryBytes, EntryBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)Segments[i].Number);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], Segments[i].Length is null ? 1u : 0u);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], (ulong)(Segments[i].Length ?? 0));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan()[^4..], Crc32C.Compute(bytes.AsSpan()[..^4]));
        return bytes;
    }
}
