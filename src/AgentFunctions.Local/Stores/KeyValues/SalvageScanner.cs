using System.Buffers.Binary;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>Takes a record that was found.</summary>
/// <param name="position">Where it is.</param>
/// <param name="label">What it is about.</param>
/// <param name="intact">Whether its value can be read.</param>
internal delegate void RecordVisit(JournalPosition position, RecordLabel label, bool intact);

/// <summary>
/// Reads a segment from end to end, and unlike the journal's scanner goes on behind damage, as long as it is known which keys were hit: each record has its
/// label twice, and a write whose header is damaged lies between its neighbours. The last write of the segment that still grows is cut where
/// it is not whole, by the journal's rule: only that one can have been unfinished.
/// </summary>
internal sealed class SalvageScanner(RecordVisit visit)
{
    private const int WindowBytes = 4 * 1024 * 1024;
    private byte[] window = [];
    private JournalSegment? windowOf;
    private long windowStart;
    private int windowLength;

    /// <summary>Records and headers found damaged.</summary>
    public int Damaged { get; private set; }

    /// <summary>Writes in the segment scanned last.</summary>
    public ulong Units { get; private set; }

    /// <summary>Where the last write of the segment scanned last begins; 0 where it has none.</summary>
    public long LastUnit { get; private set; }

    /// <summary>Whether the segment scanned last ends with the empty write of an orderly end.</summary>
    public bool EndsOrderly { get; private set; }

    /// <summary>Visits every record of a segment.</summary>
    /// <returns>The unfinished end, to be cut by the caller; null where there is none.</returns>
    /// <exception cref="StoreLostException">Damage after which it can't be told what is missing.</exception>
    public TornTail? Scan(JournalSegment segment, long length, bool mayBeTorn)
    {
        (Units, LastUnit, EndsOrderly, windowOf) = (0, 0, false, null);
        for (long offset = SegmentHeader.Bytes; offset < length;)
        {
            var end = EndOfUnit(segment, offset, length, out var header);
            if (end is null || (end >= length && header is null))
            {
                if (mayBeTorn)
                    return new(segment.Name, offset, length - offset, "the header of the last write is not intact.");
                end ??= length;
            }

            if (header is null)
                Damaged++;

            if (end > length)
            {
                return mayBeTorn
                    ? new(segment.Name, offset, length - offset, $"the last write has {length - offset} of its {end - offset} bytes.")
                    : throw new StoreLostException($"{segment.Name} ends at {length}, in the middle of a finished write");
            }

            var frames = offset + UnitHeader.Bytes;
            if (mayBeTorn && end == length && !IsWhole(segment, frames, length, header!.Value.Records))
                return new(segment.Name, offset, length - offset, "a record of the last write does not match its check.");
            Salvage(segment, frames, end.Value);
            (LastUnit, EndsOrderly) = (offset, header is { Records: 0 });
            offset = end.Value;
            Units++;
        }

        return null;
    }

    /// <summary>Where the unit at this offset ends, by its own header or else by the next one; null where neither is there.</summary>
    private long? EndOfUnit(JournalSegment segment, long offset, long length, out UnitHeader? header)
    {
        header = null;
        var bytes = Read(segment, offset, Math.Min(UnitHeader.Bytes, length - offset));
        if (UnitHeader.TryRead(bytes, segment.Header.Salt, offset, out var own) && own.Sequence == Units)
        {
            header = own;
            return offset + UnitHeader.Bytes + own.Length;
        }

        for (var from = offset + 1; from + UnitHeader.Bytes <= length;)
        {
            bytes = Read(segment, from, Math.Min(WindowBytes, length - from));
            var found = bytes.IndexOf(UnitHeader.Magic);
            if (found < 0)
            {
                from += bytes.Length - (UnitHeader.Magic.Length - 1);
                continue;
            }

            from += found;
            if (UnitHeader.TryRead(Read(segment, from, Math.Min(UnitHeader.Bytes, length - from)), segment.Header.Salt, from, out var later) && later.Sequence > Units)
            {
                return later.Sequence == Units + 1
                    ? from
                    : throw new StoreLostException($"{segment.Name} at offset {offset}: the headers of {later.Sequence - Units} writes in a row are damaged");
            }

            from++;
        }

        return null;
    }

    private bool IsWhole(JournalSegment segment, long start, long end, int records)
    {
        var bytes = Read(segment, start, end - start);
        var at = 0;
        for (; records > 0; records--)
        {
            var length = UnitHeader.FrameAt(bytes[at..], segment.Header.Salt, start + at);
            if (length < 0)
                return false;
            at += UnitHeader.FrameBytes + length;
        }

        return at == bytes.Length;
    }

    private void Salvage(JournalSegment segment, long start, long end)
    {
        if (end < start)
            throw new StoreLostException($"{segment.Name} ends at offset {end}, in the header of a finished write");
        var bytes = Read(segment, start, end - start);
        for (var at = 0; at < bytes.Length;)
        {
            var offset = start + at;
            if (!TryLabel(bytes[at..], segment.Header.Salt, offset, out var label))
                throw new StoreLostException($"{segment.Name} at offset {offset}: both labels of a record are damaged");
            var intact = UnitHeader.FrameAt(bytes[at..], segment.Header.Salt, offset) == label.Size - UnitHeader.FrameBytes;
            if (!intact)
                Damaged++;
            visit(JournalPosition.Of(segment.Number, offset), label, intact);
            at += label.Size;
        }
    }

    private static bool TryLabel(ReadOnlySpan<byte> rest, ulong salt, long offset, out RecordLabel label)
    {
        label = default;
        if (rest.Length < RecordLabel.Overhead)
            return false;
        const int first = UnitHeader.FrameBytes;
        if (RecordLabel.TryRead(rest[first..], salt, offset + first, out label) && label.Size <= rest.Length)
            return true;
        var size = UnitHeader.FrameBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (size < RecordLabel.Overhead || size > rest.Length)
            return false;
        var second = (int)size - RecordLabel.Bytes;
        return RecordLabel.TryRead(rest[second..], salt, offset + second, out label) && label.Size == size;
    }

    private ReadOnlySpan<byte> Read(JournalSegment segment, long offset, long count)
    {
        if (windowOf != segment || offset < windowStart || offset + count > windowStart + windowLength)
        {
            var room = Math.Max(count, Math.Min(WindowBytes, segment.File.Length - offset));
            if (window.Length < room)
                window = new byte[room];
            (windowOf, windowStart, windowLength) = (segment, offset, segment.File.Read(offset, window));
            if (windowLength < count)
                throw new StoreLostException($"{segment.Name} ends before its length");
        }

        return window.AsSpan((int)(offset - windowStart), (int)count);
    }
}
