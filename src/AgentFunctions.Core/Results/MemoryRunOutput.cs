using System.Text.Json;

namespace AgentFunctions.Core.Results;

/// <summary>
/// Output in this process's memory, bounded, and gone with it. Positions begin at the time in microseconds, so that those of an earlier process
/// are below those of this one, and a reader that comes with such a position is told of the gap.
/// </summary>
public sealed partial class MemoryRunOutput : IRunOutputStore
{
    /// <summary>How many entries a page has at most: 512.</summary>
    public const int PageEntries = 512;

    private const int MostEmptyRuns = 10_000;
    private const int MostAsked = 64;

    private readonly Lock gate = new();
    private readonly RunOutputOptions options;
    private readonly TimeProvider time;
    private readonly Func<string, CancellationToken, ValueTask<bool>>? hasEnded;
    private readonly Dictionary<string, RunOutputBuffer> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TaskCompletionSource>> waiting = new(StringComparer.Ordinal);
    private long total;
    private long uses;
    private long given;

    // What was put out at or before this position is in no buffer.
    private long floor;
    private bool makingRoom;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">How much it keeps. Default: the options' own.</param>
    /// <param name="time">The clock that positions begin at. Default: the system's.</param>
    /// <param name="hasEnded">Says whether a run has ended, asked only when room is needed. Default: none is known to have.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public MemoryRunOutput(RunOutputOptions? options = null, TimeProvider? time = null, Func<string, CancellationToken, ValueTask<bool>>? hasEnded = null)
    {
        this.options = (options ?? new()).Validated();
        this.time = time ?? TimeProvider.System;
        this.hasEnded = hasEnded;
        floor = given = Microseconds(this.time.GetUtcNow());
    }

    /// <summary>How many bytes are kept now.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return total;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        ArgumentNullException.ThrowIfNull(kind);
        if (Add(instanceId, kind, RunOutputJson.OneLine(data)))
        {
            try
            {
                await MakeRoomAsync(instanceId, cancellationToken);
            }
            finally
            {
                lock (gate)
                {
                    makingRoom = false;
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // Sub-orchestrations that were given no ID of their own have their parent's and a number.
            foreach (var id in runs.Keys.Where(id => id == instanceId || id.StartsWith($"{instanceId}:", StringComparison.Ordinal)).ToList())
            {
                total -= runs[id].Bytes;
                runs.Remove(id);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Adds an entry, and says whether the caller is to make room for it.</summary>
    private bool Add(string instanceId, string kind, ReadOnlyMemory<byte> data)
    {
        List<TaskCompletionSource>? readers;
        bool full;
        lock (gate)
        {
            if (!runs.TryGetValue(instanceId, out var run))
            {
                ForgetEmptyRuns();
                runs.Add(instanceId, run = new RunOutputBuffer(Now() + 1, floor));
            }

            var before = run.Bytes;
            run.Add(kind, data);
            run.LastUse = ++uses;
            RunOutputMetrics.Dropped.Add(run.DropTo(options.MaxRunBytes));
            total += run.Bytes - before;
            given = Math.Max(given, run.Next - 1);
            if (total > options.MaxBytes + options.MaxRunBytes)
            {
                // Whoever makes room is asking which runs have ended, and others fill faster than it is answered.
                DropSilent(options.MaxBytes, instanceId);
            }

            full = total > options.MaxBytes && !makingRoom;
            makingRoom |= full;
            waiting.Remove(instanceId, out readers);
        }

        RunOutputMetrics.Appended.Add(1);
        readers?.ForEach(reader => reader.TrySetResult());
        return full;
    }

    /// <summary>Drops whole runs that have ended, the longest silent first, and only if that is not enough those that go on.</summary>
    private async ValueTask MakeRoomAsync(string writing, CancellationToken cancellationToken)
    {
        // A tenth more than needed, so that this is rare.
        var target = options.MaxBytes - (options.MaxBytes / 10);
        List<string> silent;
        lock (gate)
        {
            silent = [.. runs.Where(run => run.Value.Count > 0 && run.Key != writing).OrderBy(run => run.Value.LastUse).Take(hasEnded is null ? 0 : MostAsked).Select(run => run.Key)];
        }

        foreach (var id in silent)
        {
            var ended = await hasEnded!(id, cancellationToken);
            lock (gate)
            {
                if (ended && runs.TryGetValue(id, out var run))
                {
                    Drop(run, 0);
                }

                if (total <= target)
                {
                    return;
                }
            }
        }

        lock (gate)
        {
            DropSilent(target, writing);
        }
    }

    private void DropSilent(long target, string writing)
    {
        foreach (var run in runs.Where(run => run.Value.Count > 0 && run.Key != writing).Select(run => run.Value).OrderBy(run => run.LastUse).TakeWhile(_ => total > target).ToList())
        {
            Drop(run, 0);
        }

        if (total > target && runs.TryGetValue(writing, out var own))
        {
            Drop(own, target);
        }
    }

    private void Drop(RunOutputBuffer run, long to)
    {
        var before = run.Bytes;
        RunOutputMetrics.Dropped.Add(run.DropTo(to));
        total -= before - run.Bytes;
    }

    /// <summary>An empty buffer says only what was lost; of very many the oldest become one limit for all.</summary>
    private void ForgetEmptyRuns()
    {
        if (runs.Count < MostEmptyRuns)
        {
            return;
        }

        foreach (var (id, run) in runs.Where(run => run.Value.Count == 0).OrderBy(run => run.Value.LastUse).Take(MostEmptyRuns / 2).ToList())
        {
            floor = Math.Max(floor, run.Next - 1);
            runs.Remove(id);
        }
    }

    private long Now() => given = Math.Max(given, Microseconds(time.GetUtcNow()));

    private static long Microseconds(DateTimeOffset at) => Math.Max(1, (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
}
