using AgentFunctions.Core.Stores;

namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>What somebody wants changed, and waits for.</summary>
internal abstract class StoreOperation
{
    /// <summary>The bytes it keeps waiting.</summary>
    public virtual long Bytes => RecordLabel.Overhead;

    /// <summary>Whether it makes a group of its own: it looks through the index, where the others of a group are not yet.</summary>
    public virtual bool IsAlone => false;

    public abstract void Fail(Exception error);

    /// <summary>It is durable.</summary>
    public abstract void Complete();
}

/// <summary>An operation with a result.</summary>
internal abstract class StoreOperation<T> : StoreOperation
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What came of it.</summary>
    public T? Result { get; set; }

    public Task<T> Done => done.Task;

    public override void Fail(Exception error) => done.TrySetException(error);

    public override void Complete() => done.TrySetResult(Result!);
}

/// <summary>Sets a value; the result is the new ETag.</summary>
internal sealed class SetOperation(KeyAddress address, ReadOnlyMemory<byte> value, long expires, WriteCondition condition) : StoreOperation<string?>
{
    public KeyAddress Address => address;

    public ReadOnlyMemory<byte> Value => value;

    /// <summary>UTC ticks; 0 for never.</summary>
    public long Expires => expires;

    public WriteCondition Condition => condition;

    public long Size => RecordLabel.Overhead + (long)value.Length;

    public override long Bytes => Size;
}

/// <summary>Removes keys; the result is how many there were.</summary>
internal sealed class DeleteOperation(IReadOnlyCollection<KeyAddress> addresses, string? etag) : StoreOperation<int>
{
    public IReadOnlyCollection<KeyAddress> Addresses => addresses;

    public string? ETag => etag;

    public override long Bytes => (long)RecordLabel.Overhead * addresses.Count;
}

/// <summary>Removes a partition's keys; the result is how many there were.</summary>
internal sealed class DeletePartitionOperation(Digest partition) : StoreOperation<int>
{
    public Digest Partition => partition;

    public override bool IsAlone => true;
}

/// <summary>Removes expired values; the result is how many.</summary>
internal sealed class SweepOperation(int most) : StoreOperation<int>
{
    public int Most => most;

    public override bool IsAlone => true;
}

/// <summary>Somebody read a record and found it damaged.</summary>
internal sealed class DamageOperation(Digest key, IndexSlot slot) : StoreOperation<bool>
{
    public Digest Key => key;

    public IndexSlot Slot => slot;

    public override bool IsAlone => true;
}
