using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Fires the tokens of running activities that were cancelled. One timer serves all activities on this worker, and stands still while there are none.
/// A look reads one table partition for each run that has activities here, however many these are: every <see cref="Interval"/> up to
/// 25 runs, and more seldom beyond, so that a worker never reads more than <see cref="MostReadsPerSecond"/> times a second.
/// </summary>
internal sealed partial class CancellationWatch(ICancellationBoard board, TimeProvider time, ILogger logger)
{
    /// <summary>How often a worker looks: the bound on a cancellation, beside what the CancelCalls activity waits in its queue.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The most reads of a worker in a second.</summary>
    public const int MostReadsPerSecond = 100;

    private readonly ICancellationBoard board = board;
    private readonly ILogger logger = logger;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Watched> runs = new(StringComparer.Ordinal);
    private readonly TimeProvider time = time;
    private ITimer? timer;

    /// <summary>A token source that fires when the call is cancelled, or with <paramref name="stopping"/>.</summary>
    public Lease Watch(string instanceId, int callId, CancellationToken stopping)
    {
        var call = new Call(callId, CancellationTokenSource.CreateLinkedTokenSource(stopping));
        lock (gate)
        {
            if (!runs.TryGetValue(instanceId, out var run))
            {
                runs.Add(instanceId, run = new Watched());
            }

            run.Calls.Add(call);
            timer ??= time.CreateTimer(_ => Look(), null, Interval, Timeout.InfiniteTimeSpan);
        }

        return new Lease(this, instanceId, call);
    }

    /// <summary>How long after a look the next one is.</summary>
    public static TimeSpan IntervalFor(int runs)
    {
        var bounded = TimeSpan.FromSeconds((double)runs / MostReadsPerSecond);
        return bounded > Interval ? bounded : Interval;
    }

    private void Remove(string instanceId, Call call)
    {
        lock (gate)
        {
            if (!runs.TryGetValue(instanceId, out var run) || !run.Calls.Remove(call) || run.Calls.Count > 0)
            {
                return;
            }

            runs.Remove(instanceId);
            if (runs.Count == 0)
            {
                timer?.Dispose();
                timer = null;
            }
        }
    }

    /// <summary>Starts a read for each run and waits for none: one that hangs must not hold up the others.</summary>
    private void Look()
    {
        List<(string InstanceId, Watched Run)> due;
        lock (gate)
        {
            due = [.. runs.Where(r => !r.Value.Reading).Select(r => (r.Key, r.Value))];
            due.ForEach(r => r.Run.Reading = true);
            timer?.Change(IntervalFor(runs.Count), Timeout.InfiniteTimeSpan);
        }

        foreach (var (instanceId, run) in due)
        {
            _ = ReadAsync(instanceId, run);
        }
    }

    private async Task ReadAsync(string instanceId, Watched run)
    {
        try
        {
            var cancelled = await board.ReadAsync(instanceId, CancellationToken.None);
            List<Call> fire;
            lock (gate)
            {
                fire = [.. run.Calls.Where(c => cancelled.Contains(c.Id))];
            }

            foreach (var call in fire)
            {
                await FireAsync(call.Source);
            }
        }
#pragma warning disable CA1031 // A look that fails costs promptness and nothing else: the next one follows.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogLookFailed(instanceId, e);
        }
        finally
        {
            lock (gate)
            {
                run.Reading = false;
            }
        }
    }

    private static async Task FireAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cancellations of run {InstanceId} could not be read; its activities run on until the next look.")]
    private partial void LogLookFailed(string instanceId, Exception exception);

    /// <summary>A call that is being watched.</summary>
    internal sealed class Lease(CancellationWatch watch, string instanceId, Call call) : IDisposable
    {
        /// <summary>Fires when nobody waits for the call any more.</summary>
        public CancellationToken Token { get; } = call.Source.Token;

        public void Dispose()
        {
            watch.Remove(instanceId, call);
            call.Source.Dispose();
        }
    }

    /// <summary>One call; two deliveries of it are two.</summary>
    internal sealed class Call(int id, CancellationTokenSource source)
    {
        public int Id => id;

        public CancellationTokenSource Source => source;
    }

    /// <summary>The calls of one run on this worker.</summary>
    private sealed class Watched
    {
        public List<Call> Calls { get; } = [];

        public bool Reading { get; set; }
    }
}
