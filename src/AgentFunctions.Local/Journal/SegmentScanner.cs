namespace AgentFunctions.Local.Journal;

/// <summary>
/// Reads a segment from end to end. The rule that tells a torn write from damage: a Write returns only after its fsync, and the next begins only after
/// that, so only the LAST unit of the segment that still grows can be unfinished; and its sectors may have reached the disk in any order, so any of its bytes may be wrong.
/// Therefore: where that last unit is not intact, all of it is cut. Where any other unit is not intact, it is damage. A unit is known not to be the last
/// when the file goes on behind it, or, if its header is unreadable and thus its length unknown, when any later unit's header is found behind it.
/// (A damaged last unit can't be told from an unfinished one; it is cut and reported. An orderly end adds an empty unit, which closes that gap.)
/// It relies on the disk not to harm bytes of a sector that it is given unchanged when the power fails.
/// </summary>
internal sealed class SegmentScanner
{
    private const int WindowBytes = 4 * 1024 * 1024;
    private byte[] window = [];
    private long windowStart;
    private int windowLength;
    private JournalSegment? windowOf;

    public long Records { get; private set; }

    /// <summary>Units in the segment scanned last.</summary>
    public ulong Units { get; private set; }

    /// <summary>Where the last intact unit of the segment scanned last begins; 0 where it has none.</summary>
    public long LastUnit { get; private set; }

    /// <summary>Whether the segment scanned last ends with the empty unit of an orderly end.</summary>
    public bool EndsOrderly { get; private set; }

    /// <summary>Hands every record of the segment to <paramref name="visit"/>.</summary>
    /// <returns>The unfinished end, to be cut by the caller; null where there is none.</returns>
    /// <exception cref="JournalDamagedException">A unit that must be intact is not.</exception>
    public TornTail? Scan(JournalSegment segment, long length, bool mayBeTorn, JournalReplay visit, CancellationToken cancellationToken = default)
    {
        (Units, LastUnit, EndsOrderly, windowOf) = (0, 0, false, null);
        for (long offset = SegmentHeader.Bytes; offset < length; Units++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!UnitHeader.TryRead(Window(segment, offset, (int)Math.Min(UnitHeader.Bytes, length - offset), length), segment.Header.Salt, offset, out var header))
            {
                return mayBeTorn && !LaterUnit(segment, offset, length)
                    ? new(segment.Name, offset, length - offset, "the header of the last write is not intact.")
                    : throw new JournalDamagedException(segment.Name, offset, "the header of a finished write does not match its check.");
            }

            if (header.Sequence != Units)
                throw new JournalDamagedException(segment.Name, offset, $"write {header.Sequence} of the segment is where write {Units} should be.");
            var frames = offset + UnitHeader.Bytes;
            var end = frames + header.Length;
            var last = mayBeTorn && end >= length;
            if (end > length)
            {
                return last
                    ? new(segment.Name, offset, length - offset, $"the last write has {length - offset} of its {end - offset} bytes.")
                    : throw new JournalDamagedException(segment.Name, length, $"the file ends in the middle of a finished write of {end - offset} bytes.");
            }

            var unit = Window(segment, frames, (int)header.Length, length);
            // Nothing of a unit may be replayed before all of it is known to be intact; where a fault is an error anyway, one pass will do.
            if (last && Walk(segment, unit, frames, header.Records, visit: null) is var bad and >= 0)
                return new(segment.Name, offset, length - offset, $"a record of the last write, at offset {bad}, does not match its check.");
            if (Walk(segment, unit, frames, header.Records, visit) is var fault and >= 0)
                throw new JournalDamagedException(segment.Name, fault, "a record of a finished write does not match its check.");
            Records += header.Records;
            (LastUnit, EndsOrderly) = (offset, header.Records == 0);
            offset = end;
        }

        return null;
    }

    /// <summary>Goes through the frames of a unit.</summary>
    /// <returns>The offset of the first fault, or -1.</returns>
    private static long Walk(JournalSegment segment, ReadOnlySpan<byte> unit, long start, int records, JournalReplay? visit)
    {
        var at = 0;
        for (var i = 0; i < records; i++)
        {
            var length = UnitHeader.FrameAt(unit[at..], segment.Header.Salt, start + at);
            if (length < 0)
                return start + at;
            visit?.Invoke(JournalPosition.Of(segment.Number, start + at), unit.Slice(at + UnitHeader.FrameBytes, length));
            at += UnitHeader.FrameBytes + length;
        }

        return at == unit.Length ? -1 : start + at;
    }

    private bool LaterUnit(JournalSegment segment, long offset, long length)
    {
        for (var from = offset + 1; from + UnitHeader.Bytes <= length;)
        {
            var bytes = Window(segment, from, (int)Math.Min(WindowBytes, length - from), length);
            var found = bytes.IndexOf(UnitHeader.Magic);
            if (found < 0)
            {
                from += bytes.Length - (UnitHeader.Magic.Length - 1);
                continue;
            }

            from += found;
            var candidate = Window(segment, from, (int)Math.Min(UnitHeader.Bytes, length - from), length);
            if (UnitHeader.TryRead(candidate, segment.Header.Salt, from, out var header) && header.Sequence > Units)
                return true;
            from++;
        }

        return false;
    }

    private ReadOnlySpan<byte> Window(JournalSegment segment, long offset, int count, long length)
    {
        if (windowOf != segment || offset < windowStart || offset + count > windowStart + windowLength)
        {
            var room = (int)Math.Max(count, Math.Min(WindowBytes, length - offset));
            if (window.Length < room)
                window = new byte[room];
            var wanted = (int)Math.Min(window.Length, length - offset);
            (windowOf, windowStart, windowLength) = (segment, offset, segment.File.Read(offset, window.AsSpan(0, wanted)));
            if (windowLength < wanted)
                throw new JournalDamagedException(segment.Name, offset + windowLength, $"the file ends before its length of {length} bytes.");
        }

        return window.AsSpan((int)(offset - windowStart), count);
    }
}
