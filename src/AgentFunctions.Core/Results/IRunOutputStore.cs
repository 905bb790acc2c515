using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Results;

/// <summary>Keeps runs' live output for those who watch, for a while: how much and how long is the store's own rule, and a reader that comes too late is told so.</summary>
public interface IRunOutputStore : IRunOutput
{
    /// <summary>Opens a reader. Any number may read one run, each at its own pace.</summary>
    /// <param name="instanceId">The run; it need not have any output yet.</param>
    /// <param name="from">Where to begin.</param>
    IRunOutputReader OpenReader(string instanceId, RunOutputStart from);

    /// <summary>Removes what a run and its sub-orchestrations have put out: it was purged, or starts again.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask RemoveAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Makes what a run has put out so far readable by everybody, where the store gathers before it writes.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask FlushAsync(string instanceId, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Reads one run's output in order: each entry once, unless it says that some are missing. For one reader at a time.</summary>
public interface IRunOutputReader : IDisposable
{
    /// <summary>What there is by now, in pages; an empty page is all that there is.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask<RunOutputPage> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Waits until reading may give more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WaitAsync(CancellationToken cancellationToken);
}

/// <summary>Where a reader of output begins.</summary>
/// <param name="Position">The position of the last entry seen; 0 for none.</param>
/// <param name="RunCreated">When the run was created: what was put out since then should be there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RunOutputStart(long Position, DateTimeOffset RunCreated);

/// <summary>Some of a run's output.</summary>
/// <param name="Gap">Not null where output is missing between what was read before and this page: the position that the reader is at after it.</param>
/// <param name="Entries">The entries, in order.</param>
public sealed record RunOutputPage(long? Gap, IReadOnlyList<RunOutputEntry> Entries)
{
    /// <summary>Nothing, by now.</summary>
    public static RunOutputPage Empty { get; } = new(Gap: null, []);

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Gap is null && Entries.Count == 0;
}

/// <summary>A piece of a run's output.</summary>
/// <param name="Position">Grows with each entry of a run, not always by one; above 0.</param>
/// <param name="Kind">What it is: one of <see cref="RunOutputKinds"/>.</param>
/// <param name="Data">Its data: JSON on one line.</param>
public readonly record struct RunOutputEntry(long Position, string Kind, ReadOnlyMemory<byte> Data);
