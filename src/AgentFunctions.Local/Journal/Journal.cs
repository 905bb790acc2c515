using System.Diagnostics.CodeAnalysis;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// An append-only log of records in segment files, committed in groups: one thread (the pump) appends and takes batches, one thread writes them, any
/// thread reads. What Write has returned for survives a crash at any moment; records that were not written are lost from the end, never from the middle.
/// After a failure to write it stops for good (<see cref="JournalFailedException"/>); what is durable can still be read.
/// </summary>
[SuppressMessage("Design", "MA0049:Type name should not match containing namespace", Justification = "The room and the one thing it is about share the field's word; the rest of the room is its parts.")]
internal sealed partial class Journal : IDisposable
{
    /// <summary>The largest record: 1 GiB.</summary>
    public const int MaxRecordBytes = 1024 * 1024 * 1024;

    private readonly JournalOptions options;
    private readonly UnitPool pool = new();
    private readonly Lock liveGate = new();
    private readonly object progress = new();
    private JournalReader live;
    private JournalFailedException? failure;
    private bool disposed;

    private Journal(IJournalStorage storage, JournalOptions options, JournalReader live, SegmentScanner lastScan, JournalRecovery recovery)
    {
        (Storage, this.options, this.live, Recovery) = (storage, options, live, recovery);
        if (live.Segments is [.., var last])
        {
            (tail, tailOffset, nextSegment) = (last.Header, last.Durable, last.Number + 1);
            (tailSequence, endsOrderly) = (lastScan.Units, lastScan.EndsOrderly);
            writtenThrough = JournalPosition.Of(last.Number, last.Durable).Packed;
        }

        tailClosed = !live.LastGrows;
    }

    /// <summary>What opening it found.</summary>
    public JournalRecovery Recovery { get; }

    /// <summary>Bytes of the live segments that are durable. Any thread.</summary>
    public long TotalBytes => Live.Bytes;

    internal IJournalStorage Storage { get; }

    internal JournalOptions Options => options;

    private JournalReader Live => Volatile.Read(ref live);

    /// <summary>The record at this position, its check verified. Any thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not written yet, or its segment is no longer live.</exception>
    /// <exception cref="JournalDamagedException">No intact record is there.</exception>
    public ReadOnlyMemory<byte> Read(JournalPosition position) => Live.Read(position);

    /// <summary>A capture of the live segments, which reads positions of now even after a compaction. Any thread.</summary>
    public JournalReader GetReader() => Live;

    /// <summary>
    /// An orderly end: writes what is pending and then, where anything was written since the last one, an empty unit, which proves that all before it was finished.
    /// No Write may be under way and no batch taken but unwritten. Dispose without it is no loss, only a weaker proof.
    /// </summary>
    /// <exception cref="JournalFailedException">It could not be written.</exception>
    public void Close()
    {
        Write(TakeBatch());
        if (tailClosed || endsOrderly)
            return;
        BeginUnit();
        Write(TakeBatch());
        endsOrderly = true;
    }

    /// <summary>Lets the files go; writes nothing.</summary>
    public void Dispose()
    {
        lock (progress)
        {
            if (disposed)
                return;
            disposed = true;
            Monitor.PulseAll(progress);
        }

        foreach (var segment in Live.Segments)
            segment.File.Dispose();
    }

    private void ThrowIfStopped()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
        if (Volatile.Read(ref failure) is { } known)
            throw known.Again();
    }

    private JournalFailedException Stop(string action, string file, long offset, Exception cause)
    {
        var failed = new JournalFailedException(action, file, offset, cause);
        lock (progress)
        {
            failure ??= failed;
            Monitor.PulseAll(progress);
        }

        return failed;
    }
}
