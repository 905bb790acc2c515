using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>Reads a store in: its files into its log, its keys into its index.</summary>
internal sealed class StoreRecovery(IJournalStorage storage, KeyValueIndex index, KeyValueLog log)
{
    /// <summary>Why the loss of one value can be that of all.</summary>
    public const string LastingLost = "a value without an end is damaged, and others may depend on it";

    private readonly Dictionary<int, long> deletedPartitions = [];

    /// <summary>The highest sequence seen.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Values that are lost, because they were damaged.</summary>
    public int Damaged { get; private set; }

    /// <summary>The end that was cut off; null where there was none.</summary>
    public TornTail? Torn { get; private set; }

    /// <summary>Why nothing of what was there could be served, and all of it was removed; null where that was not so.</summary>
    public string? Emptied { get; private set; }

    /// <summary>Reads it in. Damage is skipped where it is known what it hit; else the store begins empty.</summary>
    /// <exception cref="IOException">The disk can't be read or written.</exception>
    public void Run()
    {
        var names = storage.List();
        var above = names.Select(NumberOf).DefaultIfEmpty(0).Max();
        var opened = new List<JournalSegment>();
        var done = false;
        try
        {
            var manifest = LoadManifest(names);
            var scanner = new SalvageScanner(Visit);
            foreach (var entry in manifest.Segments)
            {
                var (segment, length) = OpenSegment(entry, names);
                opened.Add(segment);
                Torn = scanner.Scan(segment, length, mayBeTorn: entry.Length is null);
                if (entry.Length is null)
                    Journal.Journal.MakeDurable(segment, Torn, scanner.LastUnit);
            }

            Settle();
            Damaged = scanner.Damaged;
            storage.SyncFolder();
            RemoveAll(names.Where(name => name == Manifest.NewFileName || (NumberOf(name) > 0 && !manifest.Segments.Any(s => s.FileName == name))));
            log.Load(opened, manifest.Segments is [.., { Length: null }], scanner.Units, scanner.EndsOrderly, above);
            done = true;
        }
        catch (Exception e) when (e is StoreLostException or JournalDamagedException or JournalVersionException)
        {
            Emptied = e is StoreLostException ? e.Message : $"{(e as JournalDamagedException)?.File ?? Manifest.FileName} can't be read";
            StartOver(names, above);
        }
        finally
        {
            if (!done)
                opened.ForEach(segment => segment.File.Dispose());
        }
    }

    /// <summary>The number of a segment's file, or 0 where it is none: another's file in the folder is left alone.</summary>
    private static int NumberOf(string name) =>
        SegmentHeader.IsFileName(name) && int.TryParse(name.AsSpan(8, Math.Max(0, name.Length - 16)), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && SegmentHeader.FileName(number) == name ? number : 0;

    private Manifest LoadManifest(IReadOnlyList<string> names)
    {
        if (names.Contains(Manifest.FileName, StringComparer.Ordinal))
            return Manifest.Load(storage);
        // The manifest comes before the first segment: where it is missing it was lost, and with it the knowledge of what belongs to the store.
        if (names.Any(name => NumberOf(name) > 0))
            throw new StoreLostException("the manifest is missing");
        return Write(new Manifest([]));
    }

    private Manifest Write(Manifest manifest)
    {
        manifest.Prepare(storage);
        Manifest.Publish(storage);
        return manifest;
    }

    private (JournalSegment Segment, long Length) OpenSegment(ManifestEntry entry, IReadOnlyList<string> names)
    {
        if (!names.Contains(entry.FileName, StringComparer.Ordinal))
            throw new StoreLostException($"{entry.FileName} is missing");
        var file = storage.Open(entry.FileName);
        try
        {
            var header = SegmentHeader.Read(file, entry.Number);
            // A file may be longer than the manifest says: where a write had failed, what is behind the durable end is no part of it.
            var length = entry.Length ?? file.Length;
            return file.Length >= length ? (new JournalSegment(header, file, length), length) : throw new StoreLostException($"{entry.FileName} has {file.Length} of its {length} bytes");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Visit(JournalPosition position, RecordLabel label, bool intact)
    {
        LastSequence = Math.Max(LastSequence, label.Sequence);
        var key = label.Address.Key;
        switch (label.Kind)
        {
            case RecordKind.Set:
                index.Put(key, new IndexSlot(intact ? position : default, label.Sequence, label.Expires, index.PartitionOf(label.Address.Partition), label.Size));
                break;
            case RecordKind.Deleted:
                index.Remove(key);
                break;
            case RecordKind.PartitionDeleted:
                deletedPartitions[index.PartitionOf(label.Address.Partition)] = label.Sequence;
                break;
            default:
                throw new StoreLostException($"a record at {position} is of an unknown kind, {label.Kind:D}");
        }
    }

    private void Settle()
    {
        foreach (var (key, slot) in index.All)
        {
            if (deletedPartitions.TryGetValue(slot.Partition, out var sequence) && slot.Sequence < sequence)
                index.Remove(key);
            else if (slot.IsLost && slot.IsLasting)
                throw new StoreLostException(LastingLost);
            else if (slot.IsLost)
                index.Remove(key);
        }
    }

    private void StartOver(IReadOnlyList<string> names, int above)
    {
        index.Clear();
        Torn = null;
        Write(new Manifest([]));
        RemoveAll(names.Where(name => NumberOf(name) > 0));
        log.Load([], lastGrows: false, 0, orderly: false, above);
    }

    private void RemoveAll(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                storage.Delete(name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is no part of the store any more; the next start tries again.
            }
        }
    }
}
