using System.Collections.Immutable;

namespace AgentFunctions.Local.Journal;

internal sealed partial class Journal
{
    private const int RewriteBytes = 1024 * 1024;

    /// <summary>Opens the journal and hands every intact record, oldest first, to <paramref name="replay"/>. When it returns, all of them are durable.</summary>
    /// <param name="storage">Its folder. The caller disposes it, after the journal.</param>
    /// <param name="options">Its layout.</param>
    /// <param name="replay">Takes the records. What it did before an exception is to be thrown away.</param>
    /// <exception cref="JournalDamagedException">What was durable is not there any more.</exception>
    /// <exception cref="JournalVersionException">Its format is not known.</exception>
    /// <exception cref="JournalFailedException">The storage failed.</exception>
    public static Journal Open(IJournalStorage storage, JournalOptions options, JournalReplay replay)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(replay);
        options.Validate();
        var opened = ImmutableArray.CreateBuilder<JournalSegment>();
        var at = Manifest.FileName;
        var done = false;
        try
        {
            var names = storage.List();
            var manifest = LoadOrCreate(storage, names);
            var scanner = new SegmentScanner();
            TornTail? torn = null;
            foreach (var entry in manifest.Segments)
            {
                at = entry.FileName;
                var segment = OpenSegment(storage, entry, names);
                opened.Add(segment);
                torn = scanner.Scan(segment, segment.Durable, mayBeTorn: entry.Length is null, replay);
                if (entry.Length is null)
                    MakeDurable(segment, torn, scanner.LastUnit);
            }

            at = "the folder";
            // First what the manifest says must be sure: a deletion that outlived the rename which made the file superfluous would leave neither old nor new.
            storage.SyncFolder();
            // And only now: nothing is removed from a journal that turns out to be damaged.
            string[] leftovers = [.. names.Where(name => name == Manifest.NewFileName || (SegmentHeader.IsFileName(name) && !manifest.Segments.Any(s => s.FileName == name)))];
            foreach (var name in leftovers)
                storage.Delete(name);
            var found = new JournalReader(opened.ToImmutable(), manifest.Segments is [.., { Length: null }]);
            var recovery = new JournalRecovery { Records = scanner.Records, Bytes = found.Bytes, Segments = opened.Count, Torn = torn, Removed = leftovers };
            var journal = new Journal(storage, options, found, scanner, recovery);
            done = true;
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalFailedException("opening", at, 0, e);
        }
        finally
        {
            if (!done)
            {
                foreach (var segment in opened)
                    segment.File.Dispose();
            }
        }
    }

    private static Manifest LoadOrCreate(IJournalStorage storage, IReadOnlyList<string> names)
    {
        if (names.Contains(Manifest.FileName, StringComparer.Ordinal))
            return Manifest.Load(storage);
        // The manifest comes before the first segment, so segments without one are not a journal that is being born.
        if (names.FirstOrDefault(SegmentHeader.IsFileName) is { } orphan)
            throw new JournalDamagedException(Manifest.FileName, 0, $"it is missing, but segments are there (such as {orphan}).");
        var manifest = new Manifest([]);
        manifest.Prepare(storage);
        Manifest.Publish(storage);
        return manifest;
    }

    /// <summary>
    /// What was read may be in the system's cache only, from a process that was killed or whose fsync failed; nobody may act on it before it is durable.
    /// After a failed fsync the system takes the pages for clean, and a new fsync would not write them: hence the last unit, the only one in question, is written again.
    /// </summary>
    internal static void MakeDurable(JournalSegment segment, TornTail? torn, long lastUnit)
    {
        if (torn is not null)
        {
            segment.File.Truncate(torn.Offset);
            segment.Durable = torn.Offset;
        }
        else if (lastUnit > 0)
        {
            var buffer = new byte[(int)Math.Min(RewriteBytes, segment.Durable - lastUnit)];
            for (var offset = lastUnit; offset < segment.Durable;)
            {
                var read = segment.File.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, segment.Durable - offset)));
                if (read == 0)
                    throw new IOException($"the file ended at {offset} while it was being read");
                segment.File.Write(offset, buffer.AsSpan(0, read));
                offset += read;
            }
        }

        segment.File.Sync();
    }

    private static JournalSegment OpenSegment(IJournalStorage storage, ManifestEntry entry, IReadOnlyList<string> names)
    {
        if (!names.Contains(entry.FileName, StringComparer.Ordinal))
            throw new JournalDamagedException(entry.FileName, 0, "the manifest names this segment, but the file is missing.");
        var file = storage.Open(entry.FileName);
        try
        {
            var header = SegmentHeader.Read(file, entry.Number);
            if (entry.Length is { } length && file.Length != length)
                throw new JournalDamagedException(entry.FileName, Math.Min(file.Length, length), $"the file has {file.Length} bytes where the manifest says {length}.");
            return new JournalSegment(header, file, file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
