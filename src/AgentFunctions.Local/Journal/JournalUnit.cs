using System.Buffers.Binary;

namespace AgentFunctions.Local.Journal;

/// <summary>A unit being filled: its bytes as they will be in the file, in one buffer that is used again and again.</summary>
internal sealed class JournalUnit
{
    /// <summary>A buffer that has grown beyond this is let go after use: 8 MiB.</summary>
    public const int KeptBytes = 8 * 1024 * 1024;

    private const int FirstBytes = 64 * 1024;
    private byte[] buffer = [];
    private int length;
    private int header;
    private int records;
    private ulong sequence;

    /// <summary>The segment it goes into.</summary>
    public SegmentHeader Segment { get; private set; }

    /// <summary>Where in the file its bytes go; 0 when it begins the segment, for then they hold the segment's header too.</summary>
    public long Offset { get; private set; }

    public bool BeginsSegment => Offset == 0;

    public int Records => records;

    public ReadOnlySpan<byte> Data => buffer.AsSpan(0, length);

    /// <summary>The offset behind its last byte.</summary>
    public long End => Offset + length;

    /// <summary>Starts over, as the first unit of a new segment (offset 0) or behind what the segment has.</summary>
    public void Begin(SegmentHeader segment, long offset, ulong sequenceInSegment)
    {
        (Segment, Offset, sequence, records, length) = (segment, offset, sequenceInSegment, 0, 0);
        if (offset == 0)
            segment.Write(Extend(SegmentHeader.Bytes));
        header = length;
        Extend(UnitHeader.Bytes);
    }

    public JournalPosition Append(ReadOnlySpan<byte> record)
    {
        var offset = End;
        var frame = Extend(UnitHeader.FrameBytes + record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.ComputeFrame(Segment.Salt, offset, record));
        record.CopyTo(frame[UnitHeader.FrameBytes..]);
        records++;
        return JournalPosition.Of(Segment.Number, offset);
    }

    /// <summary>Nothing more comes: fills in the header.</summary>
    public void Close() => new UnitHeader(sequence, length - header - UnitHeader.Bytes, records).Write(buffer.AsSpan(header), Segment.Salt, Offset + header);

    /// <summary>Lets an outgrown buffer go.</summary>
    public void Reset()
    {
        if (buffer.Length > KeptBytes)
            buffer = [];
        length = 0;
    }

    private Span<byte> Extend(int count)
    {
        var needed = length + (long)count;
        if (needed > buffer.Length)
            Array.Resize(ref buffer, (int)Math.Max(needed, Math.Min(Array.MaxLength, Math.Max(FirstBytes, buffer.Length * 2L))));
        var span = buffer.AsSpan(length, count);
        length += count;
        return span;
    }
}
