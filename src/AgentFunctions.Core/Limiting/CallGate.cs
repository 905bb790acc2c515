using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// Lets so many calls of a deployment be in flight on this worker, and the others in by lane, as places get free. It needs no other worker: what it bounds is this
/// one's sockets and memory, and how much of a slow deployment's queue is here.
/// </summary>
public sealed class CallGate
{
    private readonly string deployment;
    private readonly int most;
    private readonly LimitOptions options;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly LaneQueue<TaskCompletionSource<IDisposable>> waiting = new();
    private readonly StartRate starts = new();
    private int inFlight;

    /// <summary>Makes it, with all places free.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="most">How many may be in flight, at least 1.</param>
    /// <param name="options">The lanes' waits.</param>
    /// <param name="time">The clock; all waits go by its monotonic time.</param>
    public CallGate(string deployment, int most, LimitOptions options, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (this.deployment, this.most, this.options, this.time) = (deployment, most, options, time);
    }

    private long Now => time.GetTicks();

    /// <summary>Waits for a place.</summary>
    /// <param name="lane">Who waits for the call.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    /// <returns>The place, free again when it is disposed.</returns>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that its lane may wait: at once where that can be foreseen. It says when to come back.</exception>
    public async Task<IDisposable> EnterAsync(RunPriority lane, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wait = options.WaitOf(lane);
        Func<bool> takeOut;
        lock (gate)
        {
            if (inFlight < most && waiting.Count == 0)
            {
                inFlight++;
                starts.Note();
                return new Place(this);
            }

            var now = Now;
            if (Forecast(lane, now) is var forecast && forecast > wait) throw TooLate(wait, forecast);
            starts.Watch(now, isWaiting: true);
            takeOut = waiting.Add(answer, lane, now);
        }

        IDisposable place;
        await using (time.CreateTimer(_ => GiveUp(takeOut, () => answer.TrySetException(TooLate(wait, ComeBack()))), state: null, wait, Timeout.InfiniteTimeSpan))
        await using (cancellationToken.Register(() => GiveUp(takeOut, () => answer.TrySetCanceled(cancellationToken))))
        {
            place = await answer.Task;
        }

        if (!cancellationToken.IsCancellationRequested) return place;
        place.Dispose();
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Where it stands.</summary>
    public GateStatus Status()
    {
        lock (gate)
        {
            return new GateStatus(deployment, most, inFlight, waiting.Count, Forecast(RunPriority.Workflow, Now));
        }
    }

    private void Leave()
    {
        TaskCompletionSource<IDisposable> next;
        lock (gate)
        {
            var now = Now;
            starts.Watch(now, waiting.Count > 0);
            if (!waiting.TryTake(out next))
            {
                inFlight--;
                return;
            }

            starts.Note();
            starts.Watch(now, waiting.Count > 0);
        }

        next.TrySetResult(new Place(this));
    }

    private void GiveUp(Func<bool> takeOut, Func<bool> answer)
    {
        lock (gate)
        {
            if (!takeOut()) return;
            starts.Watch(Now, waiting.Count > 0);
        }

        answer();
    }

    private TimeSpan ComeBack()
    {
        lock (gate)
        {
            return Forecast(RunPriority.Workflow, Now);
        }
    }

    /// <summary>How long a call of this lane would wait, going by how many started lately while others waited.</summary>
    private TimeSpan Forecast(RunPriority lane, long now) =>
        waiting.Count > 0 && starts.PerSecond is { } rate ? TimeSpan.FromSeconds(waiting.Ahead(lane, now) / rate) : TimeSpan.Zero;

    private ThrottledException TooLate(TimeSpan wait, TimeSpan forecast)
    {
        var comeBack = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(forecast.TotalSeconds)));
        return new ThrottledException($"{most} calls of '{deployment}' are in flight on this worker, and none would end for this call within {wait}. Come back in {comeBack}, raise Limits:MaxInFlight, or add workers.", comeBack);
    }

    private sealed class Place(CallGate gate) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) gate.Leave();
        }
    }
}

/// <summary>Where a deployment's gate stands on a worker.</summary>
/// <param name="Deployment">The deployment: model@host.</param>
/// <param name="Most">How many calls may be in flight.</param>
/// <param name="InFlight">How many are.</param>
/// <param name="Waiting">How many wait.</param>
/// <param name="ForecastWait">How long a call of lane Workflow that came now would wait, going by what has started lately; zero where that says nothing.</param>
public sealed record GateStatus(string Deployment, int Most, int InFlight, int Waiting, TimeSpan ForecastWait);
