using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Fires the tokens of running activities that were cancelled. One poll a run and interval serves all its activities on this worker, and only
/// while there are any: at the default of one second a run costs at most 3,600 reads of one table partition an hour and worker. The bound on
/// a cancellation is the interval plus what the CancelCalls activity waits in its queue.
/// </summary>
internal sealed partial class CancellationWatch(ICancellationBoard board, TimeProvider time, TimeSpan interval, ILogger logger)
{
    private readonly ICancellationBoard board = board;
    private readonly TimeProvider time = time;
    private readonly TimeSpan interval = interval;
    private readonly ILogger logger = logger;
    private readonly ConcurrentDictionary<string, Watched> watched = new(StringComparer.Ordinal);

    /// <summary>A token source that fires when the call is cancelled, or with <paramref name="stopping"/>.</summary>
    public Lease Watch(string instanceId, int callId, CancellationToken stopping)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        while (true)
        {
            var run = watched.GetOrAdd(instanceId, id => new Watched(this, id));
            if (run.TryAdd(callId, source))
            {
                return new Lease(run, callId, source);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cancellations of run {InstanceId} could not be read; its activities run on until the next look.")]
    private static partial void LogPollFailed(ILogger logger, string instanceId, Exception exception);

    /// <summary>A call that is being watched.</summary>
    internal sealed class Lease(Watched run, int callId, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Fires when nobody waits for the call any more.</summary>
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            run.Remove(callId, source);
            source.Dispose();
        }
    }

    /// <summary>The calls of one run on this worker, and the timer that asks for their cancellations.</summary>
    internal sealed class Watched
    {
        private readonly CancellationWatch watch;
        private readonly string instanceId;
        private readonly Lock gate = new();
        private readonly List<(int CallId, CancellationTokenSource Source)> calls = [];
        private readonly ITimer timer;
        private bool closed;

        public Watched(CancellationWatch watch, string instanceId)
        {
            (this.watch, this.instanceId) = (watch, instanceId);
            timer = watch.time.CreateTimer(_ => _ = PollAsync(), null, watch.interval, Timeout.InfiniteTimeSpan);
        }

        public bool TryAdd(int callId, CancellationTokenSource source)
        {
            lock (gate)
            {
                if (closed)
                {
                    return false;
                }

                calls.Add((callId, source));
                return true;
            }
        }

        public void Remove(int callId, CancellationTokenSource source)
        {
            lock (gate)
            {
                calls.Remove((callId, source));
                if (calls.Count > 0)
                {
                    return;
                }

                closed = true;
            }

            watch.watched.TryRemove(new(instanceId, this));
            timer.Dispose();
        }

        private async Task PollAsync()
        {
            try
            {
                var cancelled = await watch.board.ReadAsync(instanceId, CancellationToken.None);
                List<CancellationTokenSource> fire;
                lock (gate)
                {
                    fire = [.. calls.Where(c => cancelled.Contains(c.CallId)).Select(c => c.Source)];
                }

                foreach (var source in fire)
                {
                    await FireAsync(source);
                }
            }
#pragma warning disable CA1031 // A poll that fails costs promptness and nothing else: the next one follows.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogPollFailed(watch.logger, instanceId, e);
            }
            finally
            {
                lock (gate)
                {
                    if (!closed)
                    {
                        timer.Change(watch.interval, Timeout.InfiniteTimeSpan);
                    }
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
    }
}
