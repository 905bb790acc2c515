using System.Diagnostics.CodeAnalysis;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>
/// The files: segments of units of frames, as the journal has them, under a manifest. Records go to the end in groups, each group with one fsync; whole segments go
/// from the beginning. After a failure the segment is closed at what is known to be durable, and the next write begins another. One thread writes;
/// <see cref="TryGet"/> is for any.
/// </summary>
internal sealed class KeyValueLog(IJournalStorage storage, KeyValueStoreOptions options) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, JournalSegment> byNumber = [];
    private readonly List<JournalSegment> segments = [];
    private readonly JournalUnit unit = new();
    private byte[] scratch = [];
    private ulong units;
    private bool grows;
    private bool endsOrderly;
    private int nextNumber = 1;

    /// <summary>Bytes of all segments. Any thread.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many segments there are. Any thread.</summary>
    public int Count => segments.Count;

    public JournalSegment Oldest => segments[0];

    /// <summary>Takes over what was found at the start.</summary>
    /// <param name="found">The segments of the manifest.</param>
    /// <param name="lastGrows">Whether the last of them takes more.</param>
    /// <param name="unitsOfLast">How many units it has.</param>
    /// <param name="orderly">Whether it ends with an empty one.</param>
    /// <param name="above">No number up to this may be used again.</param>
    public void Load(IReadOnlyList<JournalSegment> found, bool lastGrows, ulong unitsOfLast, bool orderly, int above)
    {
        foreach (var segment in found)
            Add(segment);
        (grows, units, endsOrderly) = (lastGrows, unitsOfLast, orderly);
        nextNumber = above + 1;
    }

    /// <summary>The segment of this number, while it is there. Any thread.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out JournalSegment? segment)
    {
        lock (gate)
            return byNumber.TryGetValue(number, out segment);
    }

    /// <summary>Begins a group of records.</summary>
    public void Begin()
    {
        if (grows && segments[^1].Durable < options.SegmentBytes)
            unit.Begin(segments[^1].Header, segments[^1].Durable, units);
        else
            unit.Begin(new SegmentHeader(nextNumber, (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue)), 0, 0);
    }

    /// <summary>Adds a record to the group.</summary>
    /// <returns>Where it will be.</returns>
    public JournalPosition Append(in RecordLabel label, ReadOnlySpan<byte> value)
    {
        var length = label.Size - UnitHeader.FrameBytes;
        if (scratch.Length < length)
            scratch = new byte[Math.Max(length, 64 * 1024)];
        var record = scratch.AsSpan(0, length);
        var (salt, offset) = (unit.Segment.Salt, unit.End + UnitHeader.FrameBytes);
        label.Write(record, salt, offset);
        value.CopyTo(record[RecordLabel.Bytes..]);
        label.Write(record[^RecordLabel.Bytes..], salt, offset + length - RecordLabel.Bytes);
        var position = unit.Append(record);
        if (length > JournalUnit.KeptBytes)
            scratch = [];
        return position;
    }

    /// <summary>Makes the group durable; nothing is written where it has no records.</summary>
    /// <exception cref="IOException">It could not be, and is not.</exception>
    public void Commit()
    {
        try
        {
            if (unit.Records > 0)
                Write();
        }
        finally
        {
            unit.Reset();
        }
    }

    /// <summary>Closes the last segment by an empty unit, which proves that what is before it was finished.</summary>
    public void Close()
    {
        if (!grows || endsOrderly)
            return;
        unit.Begin(segments[^1].Header, segments[^1].Durable, units);
        Write();
        endsOrderly = true;
    }

    /// <summary>The next group goes into a segment of its own, so that the last one can be the oldest.</summary>
    public void Seal() => grows = false;

    /// <summary>Removes the oldest segment, durably.</summary>
    /// <returns>Whether its file is gone; it is no part of the store in any case.</returns>
    public bool RemoveOldest()
    {
        Prepare([.. segments.Skip(1)]);
        Manifest.Publish(storage);
        return Drop(segments[0]);
    }

    /// <summary>Removes everything, durably.</summary>
    public void Clear()
    {
        Seal();
        Prepare([]);
        Manifest.Publish(storage);
        foreach (var segment in segments.ToArray())
            Drop(segment);
    }

    /// <summary>Lets the files go.</summary>
    public void Dispose()
    {
        foreach (var segment in segments)
            segment.File.Dispose();
    }

    private void Write()
    {
        unit.Close();
        if (unit.BeginsSegment)
        {
            WriteFirst();
            return;
        }

        var segment = segments[^1];
        try
        {
            segment.File.Write(unit.Offset, unit.Data);
            segment.File.Sync();
        }
        catch
        {
            Abandon(segment);
            throw;
        }

        Written();
        segment.Durable = unit.End;
    }

    private void WriteFirst()
    {
        var name = SegmentHeader.FileName(unit.Segment.Number);
        // Taken, whatever becomes of it: something may be there that can't be replaced.
        nextNumber++;
        IJournalFile? file = null;
        var named = false;
        try
        {
            file = storage.Create(name);
            file.Write(0, unit.Data);
            file.Sync();
            storage.SyncFolder();
            var segment = new JournalSegment(unit.Segment, file, unit.End);
            // Named before it is read: the one before it is thereby finished.
            grows = true;
            Prepare([.. segments, segment]);
            named = true;
            Manifest.Publish(storage);
            units = 0;
            Add(segment, countBytes: false);
            Written();
        }
        catch
        {
            grows = false;
            file?.Dispose();
            // Once the manifest may name it, only the next manifest can undo that.
            if (file is not null && !named)
                Attempt(() => storage.Delete(name));
            throw;
        }
    }

    private void Written()
    {
        units++;
        endsOrderly = false;
        Bytes += unit.Data.Length;
    }

    /// <summary>After a failed write or fsync nobody knows what is behind the durable end; nothing will be written there again.</summary>
    private void Abandon(JournalSegment segment)
    {
        grows = false;
        Attempt(() => segment.File.Truncate(segment.Durable));
    }

    private void Prepare(JournalSegment[] live) =>
        new Manifest([.. live.Select((s, i) => new ManifestEntry(s.Number, grows && i == live.Length - 1 ? null : s.Durable))]).Prepare(storage);

    private void Add(JournalSegment segment, bool countBytes = true)
    {
        lock (gate)
        {
            segments.Add(segment);
            byNumber.Add(segment.Number, segment);
        }

        if (countBytes)
            Bytes += segment.Durable;
    }

    private bool Drop(JournalSegment segment)
    {
        lock (gate)
        {
            segments.Remove(segment);
            byNumber.Remove(segment.Number);
        }

        Bytes -= segment.Durable;
        // Who is reading it looks again and finds that it is gone.
        segment.File.Dispose();
        return Attempt(() => storage.Delete(segment.Name));
    }

    // Whatever is left of a file that the manifest does not name is removed at the next start.
    private static bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
