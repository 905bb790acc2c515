using System.Collections.Immutable;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// The live segments at one moment. It is immutable and may be used from any thread; positions from before a compaction can be read through a reader
/// captured before it, for the files stay readable as long as somebody holds one.
/// </summary>
internal sealed class JournalReader
{
    internal JournalReader(ImmutableArray<JournalSegment> segments, bool lastGrows) => (Segments, LastGrows) = (segments, lastGrows);

    internal ImmutableArray<JournalSegment> Segments { get; }

    /// <summary>Whether the last segment still takes units.</summary>
    internal bool LastGrows { get; }

    internal long Bytes
    {
        get
        {
            long sum = 0;
            foreach (var segment in Segments)
                sum += segment.Durable;
            return sum;
        }
    }

    /// <summary>The record at this position, its check verified.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not written yet, or its segment is not one of these.</exception>
    /// <exception cref="JournalDamagedException">No intact record is there.</exception>
    public ReadOnlyMemory<byte> Read(JournalPosition position)
    {
        int low = 0, high = Segments.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var number = Segments[middle].Number;
            if (number == position.Segment)
                return Segments[middle].Read(position);
            if (number < position.Segment)
                low = middle + 1;
            else
                high = middle - 1;
        }

        throw new ArgumentOutOfRangeException(nameof(position), position, $"Position {position} is in no live segment: it is not written yet, or a compaction replaced its segment. Map it with the compaction's result, or read it through a reader captured before.");
    }

    /// <summary>What the manifest says when these are live.</summary>
    internal Manifest ToManifest() => new([.. Segments.Select((segment, i) => new ManifestEntry(segment.Number, LastGrows && i == Segments.Length - 1 ? null : segment.Durable))]);

    /// <summary>These and one more, which grows from now on while the others no longer do.</summary>
    internal JournalReader With(JournalSegment segment) => new(Segments.Add(segment), lastGrows: true);

    /// <summary>Everything up to this segment replaced.</summary>
    internal JournalReader Replace(int last, IEnumerable<JournalSegment> by)
    {
        ImmutableArray<JournalSegment> rest = [.. Segments.Where(s => s.Number > last)];
        return new([.. by, .. rest], LastGrows && rest.Length > 0);
    }
}
