namespace AgentFunctions.Local.Journal;

/// <summary>The writer's side: a write and an fsync for each segment touched, one after the other.</summary>
internal sealed partial class Journal
{
    private int writing;
    private long written;
    private ulong writtenThrough;
    private long writtenBytes;

    /// <summary>Writes a batch and returns when it is durable. One thread at a time, batches in the order they were taken; the pump may go on appending.</summary>
    /// <exception cref="JournalFailedException">It could not: the journal has stopped, and what of the batch is durable is known only at the next start.</exception>
    /// <exception cref="InvalidOperationException">Another Write is under way, or it is not this batch's turn.</exception>
    public void Write(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Interlocked.Exchange(ref writing, 1) != 0)
            throw new InvalidOperationException("Two threads are in Write. One thread at a time writes batches, in the order of TakeBatch.");
        try
        {
            ThrowIfStopped();
            if (batch.IsEmpty)
                return;
            if (batch.Number != written + 1)
                throw new InvalidOperationException($"Batch {batch.Number} was handed to Write where batch {written + 1} is next. Write every batch once, in the order of TakeBatch.");
            foreach (var unit in batch.Units)
            {
                var segment = unit.BeginsSegment ? WriteFirst(unit) : WriteNext(unit);
                Volatile.Write(ref writtenThrough, JournalPosition.Of(segment.Number, segment.Durable).Packed);
                Volatile.Write(ref writtenBytes, writtenBytes + unit.Data.Length);
                pool.Return(unit);
            }

            written = batch.Number;
            lock (progress)
                Monitor.PulseAll(progress);
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    private JournalSegment WriteNext(JournalUnit unit)
    {
        var segment = Live.Segments[^1];
        var action = "writing";
        try
        {
            segment.File.Write(unit.Offset, unit.Data);
            action = "making durable";
            segment.File.Sync();
        }
        catch (Exception e)
        {
            throw Stop(action, segment.Name, unit.Offset, e);
        }

        segment.Durable = unit.End;
        return segment;
    }

    /// <summary>The first unit of a segment: the file is whole and durable before the manifest names it, and thereby declares the one before it finished.</summary>
    private JournalSegment WriteFirst(JournalUnit unit)
    {
        var name = SegmentHeader.FileName(unit.Segment.Number);
        var action = "creating";
        IJournalFile? file = null;
        try
        {
            file = Storage.Create(name);
            action = "writing";
            file.Write(0, unit.Data);
            action = "making durable";
            file.Sync();
            Storage.SyncFolder();
            var segment = new JournalSegment(unit.Segment, file, unit.End);
            (action, name) = ("writing", Manifest.FileName);
            lock (liveGate)
            {
                var next = Live.With(segment);
                next.ToManifest().Prepare(Storage);
                Manifest.Publish(Storage);
                Volatile.Write(ref live, next);
            }

            return segment;
        }
        catch (Exception e)
        {
            file?.Dispose();
            throw Stop(action, name, unit.Offset, e);
        }
    }
}
