using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>
/// Making room, on the writer's thread, a segment at a time and always the oldest: what still counts of it is written again at the end, or, where the store is full,
/// dropped. As nothing is older than the oldest segment, no deletion that stands in it is needed any more.
/// </summary>
internal sealed partial class FileKeyValueStore
{
    private const double FullShare = 0.7;
    private const int GroupsToWait = 64;
    private long damaged;
    private long evicted;
    private int emptied;
    private int groupsToWait;
    private bool mustDrop;

    private bool IsFull => log.Bytes > options.MostBytes || (index.Count > options.MostEntries && index.Lasting < index.Count);

    private bool IsWasteful => log.Bytes - index.Bytes > Math.Max(index.Bytes, 2 * options.SegmentBytes);

    /// <summary>Takes one segment away where that is needed.</summary>
    /// <returns>Whether it did, so that more may be to do.</returns>
    private bool TryClean()
    {
        if (log.Count == 0 || !(IsFull || IsWasteful) || (groupsToWait > 0 && --groupsToWait > 0))
            return false;
        // After a failure the disk may be full, and what is dropped needs no room.
        var drop = IsFull && (mustDrop || index.Count > options.MostEntries || index.Bytes > FullShare * options.MostBytes);
        try
        {
            CleanOldest(drop);
            mustDrop = false;
            return true;
        }
        catch (StoreLostException e)
        {
            Empty(e.Message);
            return false;
        }
        catch (Exception e)
        {
            changes.Clear();
            (groupsToWait, mustDrop) = (GroupsToWait, true);
            LogNotCleaned(logger, e.Message);
            return false;
        }
    }

    private void CleanOldest(bool drop)
    {
        if (log.Count == 1)
            log.Seal();
        var segment = log.Oldest;
        var now = time.GetUtcNow().UtcTicks;
        var gone = new List<Digest>();
        var live = index.All.Where(pair => pair.Value.Position.Segment == segment.Number).ToList();
        live.Sort((a, b) => a.Value.Position.CompareTo(b.Value.Position));
        log.Begin();
        long bytes = 0;
        foreach (var (key, slot) in live)
        {
            if (!slot.IsThere(now) || (drop && !slot.IsLasting))
            {
                evicted += slot.IsThere(now) ? 1 : 0;
                gone.Add(key);
            }
            else if (!Move(segment, key, slot))
            {
                gone.Add(key);
            }
            else if ((bytes += slot.Size) > GroupBytes)
            {
                Commit();
                log.Begin();
                bytes = 0;
            }
        }

        Commit();
        RemoveNow(gone);
        if (!log.RemoveOldest())
            LogNotDeleted(logger, segment.Name);
    }

    private bool Move(JournalSegment segment, Digest key, IndexSlot slot)
    {
        try
        {
            var record = segment.Read(slot.Position);
            if (IsOf(record, segment, slot, out var label))
            {
                changes[key] = slot with { Position = log.Append(label, RecordLabel.ValueOf(record).Span) };
                return true;
            }
        }
        catch (JournalDamagedException)
        {
            // As when its label is not the one it was written with.
        }

        Note(slot);
        return false;
    }

    /// <summary>A reader's word that a record is damaged.</summary>
    private void Lose(DamageOperation damage)
    {
        if (!index.TryGet(damage.Key, out var slot) || slot != damage.Slot)
            return;
        try
        {
            Note(slot);
            RemoveNow([damage.Key]);
        }
        catch (StoreLostException e)
        {
            Empty(e.Message);
        }
    }

    private void Note(IndexSlot slot)
    {
        damaged++;
        if (slot.IsLasting)
            throw new StoreLostException($"{SegmentHeader.FileName(slot.Position.Segment)} at offset {slot.Position.Offset}: {StoreRecovery.LastingLost}");
        LogDamaged(logger, SegmentHeader.FileName(slot.Position.Segment), slot.Position.Offset);
    }

    private void Empty(string reason)
    {
        changes.Clear();
        lock (index.Gate)
            index.Clear();
        emptied++;
        LogEmptied(logger, reason);
        log.Clear();
    }
}
