using System.Buffers.Binary;

namespace AgentFunctions.Local.Journal;

/// <summary>A live segment: its file and how far it is durable.</summary>
internal sealed class JournalSegment(SegmentHeader header, IJournalFile file, long durableLength)
{
    private const int FirstRead = 1024;
    private long durable = durableLength;

    public SegmentHeader Header { get; } = header;

    public int Number => Header.Number;

    public string Name => SegmentHeader.FileName(Header.Number);

    public IJournalFile File { get; } = file;

    /// <summary>The bytes that are durable: what readers may see. Only the writer moves it.</summary>
    public long Durable
    {
        get => Volatile.Read(ref durable);
        set => Volatile.Write(ref durable, value);
    }

    /// <summary>The record whose frame is at this offset.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing is written there yet.</exception>
    /// <exception cref="JournalDamagedException">No intact record is there.</exception>
    public byte[] Read(JournalPosition position)
    {
        var available = Durable - position.Offset;
        if (position.Offset < SegmentHeader.Bytes + UnitHeader.Bytes || available < UnitHeader.FrameBytes)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Position {position} is not written: {Name} holds {Durable} bytes. Read a position only after Write has returned for its batch.");
        Span<byte> first = stackalloc byte[(int)Math.Min(FirstRead, available)];
        var read = File.Read(position.Offset, first);
        var length = read < UnitHeader.FrameBytes ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(first);
        if (length > available - UnitHeader.FrameBytes)
            throw Damaged(position);
        var record = new byte[length];
        var here = first[UnitHeader.FrameBytes..read];
        if (here.Length > record.Length)
            here = here[..record.Length];
        here.CopyTo(record);
        var missing = record.Length - here.Length;
        if (missing > 0 && File.Read(position.Offset + read, record.AsSpan(here.Length)) < missing)
            throw Damaged(position);
        return BinaryPrimitives.ReadUInt32LittleEndian(first[4..]) == Crc32C.ComputeFrame(Header.Salt, position.Offset, record) ? record : throw Damaged(position);
    }

    private JournalDamagedException Damaged(JournalPosition position) => new(Name, position.Offset, "no intact record is there (or the position is not one that this journal gave).");
}
