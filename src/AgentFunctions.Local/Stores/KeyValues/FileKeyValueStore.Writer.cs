using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>The writer's thread: takes all that waits, decides conditions, writes one group, makes it durable, and only then shows and acknowledges it.</summary>
internal sealed partial class FileKeyValueStore
{
    private const long GroupBytes = 4 * 1024 * 1024;
    private readonly object gate = new();
    private readonly Queue<StoreOperation> waiting = [];
    private readonly List<StoreOperation> group = [];
    private readonly Dictionary<Digest, IndexSlot?> changes = [];
    private long waitingBytes;
    private bool closing;
    private long lastSequence;
    private long commits;
    private long nextEnd;

    private async Task<T> EnqueueAsync<T>(StoreOperation<T> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Ready.WaitAsync(cancellationToken);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closing, this);
            if (waitingBytes > MostWaitingBytes)
                throw new KeyValueStoreException($"The cache's store is too slow: {waitingBytes} bytes wait to be written, and {MostWaitingBytes} may. Use a faster disk, or fewer writers.");
            waiting.Enqueue(operation);
            waitingBytes += operation.Bytes;
            Monitor.Pulse(gate);
        }

        return await operation.Done.WaitAsync(cancellationToken);
    }

    private void Work()
    {
        if (!Load())
            return;
        var more = false;
        while (Take(wait: !more))
        {
            if (group.Count > 0)
                Run();
            more = TryClean();
        }

        TryClose();
    }

    /// <summary>Takes the next group; false when there is nothing left to do.</summary>
    private bool Take(bool wait)
    {
        lock (gate)
        {
            while (wait && waiting.Count == 0 && !closing)
                Monitor.Wait(gate);
            if (waiting.Count == 0 && closing)
                return false;
            long bytes = 0;
            while (bytes < GroupBytes && waiting.TryPeek(out var operation) && (group.Count == 0 || !operation.IsAlone))
            {
                waiting.Dequeue();
                bytes += operation.Bytes;
                group.Add(operation);
                if (operation.IsAlone)
                    break;
            }

            waitingBytes -= bytes;
            return true;
        }
    }

    private void Run()
    {
        try
        {
            log.Begin();
            var now = time.GetUtcNow().UtcTicks;
            foreach (var operation in group)
                Apply(operation, now);
            Commit();
            group.ForEach(operation => operation.Complete());
        }
        catch (Exception e)
        {
            // Nobody may be left waiting, whatever it was; and the next group is tried like any other.
            var error = e is KeyValueStoreException ? e : KeyValueStoreException.Of("written", e);
            LogFailed(logger, error.Message);
            group.ForEach(operation => operation.Fail(error));
        }
        finally
        {
            changes.Clear();
            group.Clear();
        }
    }

    /// <summary>Makes the group durable, then shows it to readers.</summary>
    private void Commit()
    {
        log.Commit();
        commits++;
        lock (index.Gate)
        {
            foreach (var (key, slot) in changes)
            {
                if (slot is { } now)
                    index.Put(key, now);
                else
                    index.Remove(key);
            }
        }

        changes.Clear();
    }

    private void Apply(StoreOperation operation, long now)
    {
        switch (operation)
        {
            case SetOperation set:
                Set(set, now);
                break;
            case DeleteOperation delete:
                delete.Result = delete.Addresses.Count(address => Delete(address, delete.ETag, now));
                break;
            case DeletePartitionOperation delete:
                delete.Result = DeletePartition(delete.Partition);
                break;
            case SweepOperation sweep:
                sweep.Result = Sweep(sweep.Most, now);
                break;
            case DamageOperation damage:
                Lose(damage);
                break;
        }
    }

    private IndexSlot? Find(Digest key, long now)
    {
        var slot = changes.TryGetValue(key, out var changed) ? changed : index.TryGet(key, out var stored) ? stored : null;
        return slot is { } found && found.IsThere(now) ? found : null;
    }

    private void Set(SetOperation set, long now)
    {
        var there = Find(set.Address.Key, now);
        if (set.Condition.MustBeNew ? there is not null : set.Condition.ETag is { } etag && (there is not { } old || etag != ETagOf(old.Sequence)))
            return;
        if (set.Size > options.MostRecordBytes)
        {
            Refuse(set, $"a value of {set.Value.Length} bytes is over the {options.MostRecordBytes - RecordLabel.Overhead} that one may have, a quarter of the store");
            return;
        }

        if (set.Expires == 0 && index.LastingBytes + set.Size > options.MostLastingBytes)
        {
            Refuse(set, $"values without an end take {index.LastingBytes} bytes, and at most half of the store may be of them");
            return;
        }

        var label = new RecordLabel(RecordKind.Set, ++lastSequence, set.Expires, set.Address, set.Value.Length);
        var position = log.Append(label, set.Value.Span);
        changes[set.Address.Key] = new IndexSlot(position, label.Sequence, set.Expires, index.PartitionOf(set.Address.Partition), label.Size);
        set.Result = ETagOf(label.Sequence);
        if (set.Expires != 0)
            nextEnd = Math.Min(nextEnd, set.Expires);
    }

    private bool Delete(KeyAddress address, string? etag, long now)
    {
        if (Find(address.Key, now) is not { } there || (etag is not null && etag != ETagOf(there.Sequence)))
            return false;
        log.Append(new RecordLabel(RecordKind.Deleted, ++lastSequence, 0, address, 0), default);
        changes[address.Key] = null;
        return true;
    }

    private int DeletePartition(Digest partition)
    {
        if (!index.TryGetPartition(partition, out var number))
            return 0;
        Digest[] keys = [.. index.All.Where(pair => pair.Value.Partition == number).Select(pair => pair.Key)];
        if (keys.Length == 0)
            return 0;
        log.Append(new RecordLabel(RecordKind.PartitionDeleted, ++lastSequence, 0, new KeyAddress(partition, default, default), 0), default);
        foreach (var key in keys)
            changes[key] = null;
        return keys.Length;
    }

    /// <summary>An expired value needs no record to be gone: its end is in its own.</summary>
    private int Sweep(int most, long now)
    {
        if (now < nextEnd)
            return 0;
        var next = long.MaxValue;
        var expired = new List<Digest>();
        foreach (var (key, slot) in index.All)
        {
            if (!slot.IsThere(now))
                expired.Add(key);
            else if (!slot.IsLasting)
                next = Math.Min(next, slot.Expires);
            if (expired.Count == most)
            {
                next = 0;
                break;
            }
        }

        nextEnd = next;
        RemoveNow(expired);
        return expired.Count;
    }

    private void RemoveNow(List<Digest> keys)
    {
        lock (index.Gate)
        {
            foreach (var key in keys)
                index.Remove(key);
        }
    }

    private static void Refuse(SetOperation set, string why) => set.Fail(new KeyValueStoreException($"The cache's store can't take this: {why}. Raise Cache:File:MostBytes, or store less."));
}
