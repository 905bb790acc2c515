using AgentFunctions.Core.Stores;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>
/// Values in append-only files, their keys in memory, for one process at a time. What it promises:
/// <list type="bullet">
/// <item>A change that has returned survives kill -9 and a power cut (those who wait share an fsync), and is visible to reads from then on, not before.</item>
/// <item>What is read is what was written for that key: every read checks CRC-32C and the key's hash. Damage is a miss with a warning, and is counted.</item>
/// <item>What was deleted, overwritten or expired does not come back, after damage neither. A damaged value with an end is lost alone. A damaged value without an end
/// empties the store, for what is cached may depend on it (generations), and so does damage after which it can't be told which keys it hit: a missing or cut file, a header, the manifest,
/// both labels of a record. The one exception is damage to the last write before an unclean end: it can't be told from an unfinished write, and is cut off.</item>
/// <item>It opens whatever is in its folder. It is read in in the background; who asks meanwhile waits.</item>
/// <item>Over <see cref="KeyValueStoreOptions.MostBytes"/> the oldest values with an end go, and those without one stay.</item>
/// <item>A write that fails changes nothing, and reads go on. The next one tries again.</item>
/// </list>
/// </summary>
internal sealed partial class FileKeyValueStore : IKeyValueStore, IDisposable
{
    /// <summary>More than this may not wait to be written: 64 MiB.</summary>
    private const long MostWaitingBytes = 64 * 1024 * 1024;

    private readonly IJournalStorage storage;
    private readonly KeyValueStoreOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly KeyValueIndex index = new();
    private readonly KeyValueLog log;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread writer;

    /// <summary>Opens the store in a folder, which is made where there is none.</summary>
    /// <param name="storage">The folder; the store disposes it.</param>
    /// <param name="options">How large it may become.</param>
    /// <param name="time">By what values expire.</param>
    /// <param name="logger">Is told of damage and of failures.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is outside its range.</exception>
    public FileKeyValueStore(IJournalStorage storage, KeyValueStoreOptions options, TimeProvider time, ILogger<FileKeyValueStore> logger)
    {
        (this.storage, this.options, this.time, this.logger) = (storage, options.Validated(), time, logger);
        log = new KeyValueLog(storage, this.options);
        writer = new Thread(Work) { IsBackground = true, Name = "cache store" };
        writer.Start();
    }

    /// <summary>Opens the store in a folder of the disk.</summary>
    /// <exception cref="JournalFolderException">It can't be created or written to.</exception>
    /// <exception cref="JournalLockedException">Another process, or another part of this one, has it.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is outside its range.</exception>
    public static FileKeyValueStore Open(string folder, KeyValueStoreOptions options, TimeProvider time, ILogger<FileKeyValueStore> logger) =>
        new(new PhysicalJournalStorage(folder, "cache"), options.Validated(), time, logger);

    /// <inheritdoc/>
    public bool IsExclusive => true;

    /// <summary>Ends when the store has been read in; fails where the disk can't be read.</summary>
    public Task Ready => ready.Task;

    /// <summary>What it holds now.</summary>
    public KeyValueStatistics Statistics
    {
        get
        {
            lock (index.Gate)
                return new() { Entries = index.Count, LiveBytes = index.Bytes, FileBytes = log.Bytes, Segments = log.Count, Damaged = Interlocked.Read(ref damaged), Emptied = emptied, Evicted = evicted, Commits = commits };
        }
    }

    public async Task<KeyValueEntry?> GetAsync(KeyValueKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = KeyAddress.Of(key);
        await Ready.WaitAsync(cancellationToken);
        // Most lookups of a cache find nothing, and that needs no disk. One that does must not hold its caller's thread, for the disk may be slow.
        return IsThere(address.Key) ? await Task.Run(() => ReadAsync(address), cancellationToken).WaitAsync(cancellationToken) : null;
    }

    public Task<string?> SetAsync(KeyValueKey key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, WriteCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return EnqueueAsync(new SetOperation(KeyAddress.Of(key), value, expires?.UtcTicks ?? 0, condition), cancellationToken);
    }

    public async Task<bool> DeleteAsync(KeyValueKey key, string? etag, CancellationToken cancellationToken) =>
        await EnqueueAsync(new DeleteOperation([KeyAddress.Of(key)], etag), cancellationToken) > 0;

    public Task<int> DeleteManyAsync(IReadOnlyCollection<KeyValueKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return EnqueueAsync(new DeleteOperation([.. keys.Select(KeyAddress.Of)], null), cancellationToken);
    }

    public Task<int> DeletePartitionAsync(KeyValuePartition partition, CancellationToken cancellationToken) =>
        EnqueueAsync(new DeletePartitionOperation(KeyAddress.Of(partition)), cancellationToken);

    public Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return EnqueueAsync(new SweepOperation(most), cancellationToken);
    }

    /// <summary>Writes what waits, closes the files and lets the folder go.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closing = true;
            Monitor.PulseAll(gate);
        }

        writer.Join();
        ready.TrySetException(new ObjectDisposedException(nameof(FileKeyValueStore)));
        log.Dispose();
        storage.Dispose();
    }

    private static string ETagOf(long sequence) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{sequence:x}\"");

    private bool IsThere(Digest key)
    {
        lock (index.Gate)
            return index.TryGet(key, out var slot) && slot.IsThere(time.GetUtcNow().UtcTicks);
    }

    private async Task<KeyValueEntry?> ReadAsync(KeyAddress address)
    {
        while (true)
        {
            IndexSlot slot;
            lock (index.Gate)
            {
                if (!index.TryGet(address.Key, out slot) || !slot.IsThere(time.GetUtcNow().UtcTicks))
                    return null;
            }

            // A segment that went meanwhile: its value is elsewhere by now, or gone.
            if (!log.TryGet(slot.Position.Segment, out var segment))
                continue;
            try
            {
                ReadOnlyMemory<byte> record = segment.Read(slot.Position);
                if (IsOf(record.Span, segment, slot, out var label))
                    return label.Address == address ? new KeyValueEntry(RecordLabel.ValueOf(record), slot.IsLasting ? null : new DateTimeOffset(slot.Expires, TimeSpan.Zero), ETagOf(slot.Sequence)) : null;
            }
            catch (ObjectDisposedException) when (!closing)
            {
                continue;
            }
            catch (JournalDamagedException)
            {
                // Told and counted by the writer, below.
            }

            await EnqueueAsync(new DamageOperation(address.Key, slot), CancellationToken.None);
            return null;
        }
    }

    private static bool IsOf(ReadOnlySpan<byte> record, JournalSegment segment, IndexSlot slot, out RecordLabel label) =>
        RecordLabel.TryRead(record, segment.Header.Salt, slot.Position.Offset + UnitHeader.FrameBytes, out label)
        && label.Sequence == slot.Sequence && label.Size - UnitHeader.FrameBytes == record.Length;
}
