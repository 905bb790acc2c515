namespace AgentFunctions.Local.Journal;

/// <summary>The pump's side: positions are given at once, across segments too; bytes go into buffers only.</summary>
internal sealed partial class Journal
{
    private readonly List<JournalUnit> closed = [];
    private JournalUnit? open;
    private SegmentHeader tail;
    private long tailOffset;
    private ulong tailSequence;
    private bool tailClosed;
    private bool endsOrderly;
    private int nextSegment = 1;
    private long lastBatch;
    private long taken;

    /// <summary>Bytes appended since the last TakeBatch. Pump thread.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Adds a record to the batch being gathered. Pump thread.</summary>
    /// <returns>Where it will be once its batch is written.</returns>
    /// <exception cref="ArgumentException">It is over <see cref="MaxRecordBytes"/>.</exception>
    /// <exception cref="JournalFailedException">The journal has stopped.</exception>
    public JournalPosition Append(ReadOnlySpan<byte> record)
    {
        ThrowIfStopped();
        if (record.Length > MaxRecordBytes)
            throw new ArgumentException($"A record of {record.Length} bytes is over the journal's bound of {MaxRecordBytes}. Keep large values in the content store, and their address in the record.", nameof(record));
        var frame = UnitHeader.FrameBytes + (long)record.Length;
        if (open is null)
        {
            if (tailClosed || (tailOffset > SegmentHeader.Bytes && tailOffset + UnitHeader.Bytes + frame > options.SegmentBytes))
                BeginSegment();
            else
                BeginUnit();
        }
        else if (tailOffset + frame > options.SegmentBytes)
        {
            CloseUnit();
            BeginSegment();
        }

        var before = tailOffset;
        var position = open!.Append(record);
        tailOffset = open.End;
        PendingBytes += tailOffset - before;
        endsOrderly = false;
        return position;
    }

    /// <summary>What was appended since the last call; perhaps nothing. Pump thread.</summary>
    /// <exception cref="JournalFailedException">The journal has stopped.</exception>
    public JournalBatch TakeBatch()
    {
        ThrowIfStopped();
        CloseUnit();
        if (closed.Count == 0)
            return JournalBatch.Empty;
        JournalUnit[] units = [.. closed];
        closed.Clear();
        taken += PendingBytes;
        PendingBytes = 0;
        return new JournalBatch(++lastBatch, units);
    }

    private void BeginUnit()
    {
        open = pool.Rent();
        open.Begin(tail, tailOffset, tailSequence);
        PendingBytes += open.End - tailOffset;
        tailOffset = open.End;
    }

    private void BeginSegment()
    {
        tail = new(TakeNumbers(1), (ulong)options.Random.NextInt64(long.MinValue, long.MaxValue));
        (tailOffset, tailSequence, tailClosed) = (0, 0, false);
        BeginUnit();
    }

    private void CloseUnit()
    {
        if (open is null)
            return;
        open.Close();
        closed.Add(open);
        open = null;
        tailSequence++;
    }

    private int TakeNumbers(int count)
    {
        if (nextSegment > int.MaxValue - count)
            throw new InvalidOperationException($"The journal has used up its {int.MaxValue} segment numbers. Start with a new data folder.");
        var first = nextSegment;
        nextSegment += count;
        return first;
    }
}
