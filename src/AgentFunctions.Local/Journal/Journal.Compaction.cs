using System.Collections.Immutable;

namespace AgentFunctions.Local.Journal;

/// <summary>What a <see cref="JournalCompaction"/> needs of its journal.</summary>
internal sealed partial class Journal
{
    private JournalCompaction? compaction;

    /// <summary>
    /// Ends the segment in use, so that everything appended so far no longer changes, and captures it for compaction. Pump thread. Appending goes on in a new
    /// segment, whose number leaves room for the compacted ones before it: positions keep the order of appending.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is under way: complete or dispose it first.</exception>
    /// <exception cref="JournalFailedException">The journal has stopped.</exception>
    public JournalCompaction BeginCompaction()
    {
        ThrowIfStopped();
        if (compaction is not null)
            throw new InvalidOperationException("A compaction is under way. Complete or dispose it before the next.");
        CloseUnit();
        tailClosed = true;
        var bytes = Live.Bytes + PendingBytes + taken - Volatile.Read(ref writtenBytes);
        // Two neighbours among the outputs never fit into one segment, so there are at most about twice as many as bytes would fill; twice that again leaves room for units' headers and larger records.
        var room = (int)Math.Min(int.MaxValue / 2, 4 * (bytes / options.SegmentBytes + 1) + 16);
        var first = TakeNumbers(room);
        return compaction = new JournalCompaction(this, JournalPosition.Of(tail.Number, tailOffset), first, first + room - 1);
    }

    internal bool IsWritten(JournalPosition end) => Volatile.Read(ref writtenThrough) >= end.Packed;

    /// <summary>Waits until everything before this position is durable.</summary>
    internal void WaitUntilWritten(JournalPosition end, CancellationToken cancellationToken)
    {
        using var wake = cancellationToken.UnsafeRegister(
            static state =>
            {
                lock (state!)
                    Monitor.PulseAll(state);
            },
            progress);
        lock (progress)
        {
            while (!IsWritten(end))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfStopped();
                Monitor.Wait(progress);
            }
        }
    }

    internal ImmutableArray<JournalSegment> Through(int last) => [.. Live.Segments.Where(s => s.Number <= last)];

    /// <summary>Replaces all segments up to <paramref name="last"/>.</summary>
    /// <returns>Those it replaced.</returns>
    internal ImmutableArray<JournalSegment> Swap(int last, ImmutableArray<JournalSegment> by)
    {
        ThrowIfStopped();
        lock (liveGate)
        {
            var next = Live.Replace(last, by);
            try
            {
                next.ToManifest().Prepare(Storage);
            }
            catch (Exception e)
            {
                throw new JournalCompactionException($"writing {Manifest.NewFileName}", e);
            }

            try
            {
                Manifest.Publish(Storage);
            }
            catch (Exception e)
            {
                // Which of the two manifests a restart will find is unknown from here on.
                throw Stop("replacing", Manifest.FileName, 0, e);
            }

            var replaced = Through(last);
            Volatile.Write(ref live, next);
            return replaced;
        }
    }

    internal void Ended(JournalCompaction ended)
    {
        if (compaction == ended)
            compaction = null;
    }
}
