using System.Buffers;
using System.Collections.Immutable;

namespace AgentFunctions.Local.Journal;

/// <summary>Decides about one record: writes what to keep of it (itself or something in its place) and returns true, or returns false to drop it.</summary>
internal delegate bool RewriteRecord(JournalPosition position, ReadOnlySpan<byte> record, IBufferWriter<byte> output);

/// <summary>
/// One compaction: <see cref="Run"/> on a background thread writes what to keep of the captured segments into new ones, which are no part of the journal yet;
/// <see cref="Complete"/> on the pump thread puts them in the place of the old ones, by one rename of the manifest. A crash at any step leaves the old or the new
/// ones. A failure before that rename leaves the journal as it was. Dispose without Complete gives it up.
/// </summary>
internal sealed class JournalCompaction : IDisposable
{
    private readonly Journal journal;
    private readonly JournalPosition end;
    private readonly int firstOutput;
    private readonly int lastOutput;
    private CompactionOutput? output;
    private JournalPositionMap? map;
    private bool ended;

    internal JournalCompaction(Journal journal, JournalPosition end, int firstOutput, int lastOutput)
    {
        (this.journal, this.end, this.firstOutput, this.lastOutput) = (journal, end, firstOutput, lastOutput);
    }

    /// <summary>Whether all that it captured is written. Run waits for it; code that writes and compacts on one thread must look first.</summary>
    public bool IsReady => journal.IsWritten(end);

    /// <summary>Bytes of the captured segments; known after Run.</summary>
    public long BytesBefore { get; private set; }

    /// <summary>Bytes of the segments in their place; known after Run.</summary>
    public long BytesAfter { get; private set; }

    /// <summary>Records kept; known after Run.</summary>
    public long Kept { get; private set; }

    /// <summary>Records dropped; known after Run.</summary>
    public long Dropped { get; private set; }

    /// <summary>Old files that could not be deleted, each with the reason. The next opening removes them.</summary>
    public IReadOnlyList<string> Undeleted { get; private set; } = [];

    // Everything live or in flight has a lower number than the outputs; the segments of an earlier compaction too.
    private int LastCaptured => firstOutput - 1;

    /// <summary>Reads every captured record, oldest first, and writes what to keep. Any thread; once.</summary>
    /// <param name="rewrite">Decides about each record.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="JournalCompactionException">The new segments could not be written.</exception>
    /// <exception cref="JournalDamagedException">An old one can't be read.</exception>
    /// <exception cref="JournalFailedException">The journal stopped before the captured records were written.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public void Run(RewriteRecord rewrite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rewrite);
        ObjectDisposedException.ThrowIf(ended, this);
        if (output is not null)
            throw new InvalidOperationException("Run was called twice. Begin another compaction.");
        journal.WaitUntilWritten(end, cancellationToken);
        output = new CompactionOutput(journal.Storage, journal.Options, firstOutput, lastOutput);
        var (positions, kept) = (new JournalPositionMap(LastCaptured), new ArrayBufferWriter<byte>());
        var scanner = new SegmentScanner();
        try
        {
            foreach (var segment in journal.Through(LastCaptured))
            {
                scanner.Scan(segment, segment.Durable, mayBeTorn: false, Visit, cancellationToken);
                BytesBefore += segment.Durable;
            }

            output.Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalCompactionException("writing the compacted segments", e);
        }

        BytesAfter = output.Segments.Sum(s => s.Durable);
        (Kept, Dropped, map) = (positions.Count, scanner.Records - positions.Count, positions);

        void Visit(JournalPosition position, ReadOnlySpan<byte> record)
        {
            kept.ResetWrittenCount();
            if (rewrite(position, record, kept))
                positions.Add(position, output.Append(kept.WrittenSpan));
        }
    }

    /// <summary>Puts the new segments in force and deletes the old ones. Pump thread; once, after Run.</summary>
    /// <returns>Where the records that were kept are now.</returns>
    /// <exception cref="JournalCompactionException">The manifest could not be written; the journal goes on as it was.</exception>
    /// <exception cref="JournalFailedException">The journal has stopped.</exception>
    /// <exception cref="InvalidOperationException">Run has not come to its end.</exception>
    public JournalPositionMap Complete()
    {
        ObjectDisposedException.ThrowIf(ended, this);
        if (map is null || output is null)
            throw new InvalidOperationException("Complete was called before Run came to its end. Dispose the compaction to give it up.");
        ImmutableArray<JournalSegment> replaced;
        try
        {
            replaced = journal.Swap(LastCaptured, [.. output.Segments]);
        }
        catch (JournalFailedException)
        {
            // Perhaps a restart finds the new manifest: Dispose must not remove what it names.
            End();
            throw;
        }

        // Readers may still hold the old files: they are unlinked here, and closed when the last reader is collected.
        Undeleted = Delete(replaced.Select(s => s.Name));
        End();
        return map;
    }

    /// <summary>Gives it up, where it was not completed: removes what it wrote.</summary>
    public void Dispose()
    {
        if (ended)
            return;
        if (output is not null)
        {
            output.Close();
            Undeleted = Delete(output.Created);
        }

        End();
    }

    private void End()
    {
        ended = true;
        journal.Ended(this);
    }

    private List<string> Delete(IEnumerable<string> names)
    {
        var undeleted = new List<string>();
        foreach (var name in names)
        {
            try
            {
                journal.Storage.Delete(name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                undeleted.Add($"{name}: {e.Message}");
            }
        }

        return undeleted;
    }
}
