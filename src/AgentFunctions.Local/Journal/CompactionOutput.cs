namespace AgentFunctions.Local.Journal;

/// <summary>Segments being written by a compaction, within the numbers that were set aside for it.</summary>
internal sealed class CompactionOutput(IJournalStorage storage, JournalOptions options, int firstNumber, int lastNumber)
{
    private const int UnitBytes = 1024 * 1024;
    private readonly JournalUnit unit = new();
    private readonly List<JournalSegment> segments = [];
    private readonly List<string> created = [];
    private SegmentHeader header;
    private IJournalFile? file;
    private long offset;
    private ulong sequence;
    private bool filling;

    /// <summary>The finished segments.</summary>
    public IReadOnlyList<JournalSegment> Segments => segments;

    /// <summary>Every file it has created.</summary>
    public IReadOnlyList<string> Created => created;

    public JournalPosition Append(ReadOnlySpan<byte> record)
    {
        var frame = UnitHeader.FrameBytes + (long)record.Length;
        if (filling && (unit.End + frame > options.SegmentBytes || unit.Data.Length + frame > UnitBytes))
            Flush();
        if (!filling)
        {
            if (file is not null && offset + UnitHeader.Bytes + frame > options.SegmentBytes)
                EndSegment();
            if (file is null)
                BeginSegment();
            unit.Begin(header, offset, sequence);
            filling = true;
        }

        return unit.Append(record);
    }

    public void Finish()
    {
        Flush();
        EndSegment();
        storage.SyncFolder();
    }

    /// <summary>Lets all files go.</summary>
    public void Close()
    {
        file?.Dispose();
        foreach (var segment in segments)
            segment.File.Dispose();
    }

    private void BeginSegment()
    {
        var number = firstNumber + segments.Count;
        if (number > lastNumber)
            throw new IOException($"the records kept need more than the {lastNumber - firstNumber + 1} segments set aside for them; keep the same bytes or fewer");
        header = new(number, (ulong)options.Random.NextInt64(long.MinValue, long.MaxValue));
        var name = SegmentHeader.FileName(number);
        file = storage.Create(name);
        created.Add(name);
        (offset, sequence) = (0, 0);
    }

    private void Flush()
    {
        if (!filling)
            return;
        unit.Close();
        file!.Write(unit.Offset, unit.Data);
        (offset, filling) = (unit.End, false);
        sequence++;
        unit.Reset();
    }

    private void EndSegment()
    {
        if (file is null)
            return;
        file.Sync();
        segments.Add(new JournalSegment(header, file, offset));
        file = null;
    }
}
