using System.Threading.Channels;

namespace AgentFunctions.Testing;

/// <summary>
/// A clock that a test moves, and timers that count how long it lets pass: two things, as on a computer whose clock is set or that sleeps.
/// Timers fire once, as the time passes.
/// </summary>
/// <param name="start">Where the clock stands at first. Default: the beginning of 2026.</param>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private readonly Channel<TimeSpan> made = Channel.CreateUnbounded<TimeSpan>();
    private DateTimeOffset now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan uptime;

    /// <summary>How many timers wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return timers.Count;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return uptime.Ticks;
        }
    }

    /// <summary>Sets the clock forward or back; no time passes.</summary>
    public void Set(TimeSpan by)
    {
        lock (gate)
        {
            now += by;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (gate)
        {
            now += by;
            uptime += by;
            due = [.. timers.Where(timer => timer.Due <= uptime)];
            timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Ends when the next timer has been made; its due time.</summary>
    public async Task<TimeSpan> NextTimerAsync() => await made.Reader.ReadAsync();

    /// <summary>Waits until somebody waits for time to pass, then lets it pass.</summary>
    public async Task AdvanceOnceAwaitedAsync(TimeSpan by)
    {
        await NextTimerAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Advance(by);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = time.uptime + dueTime;
                    time.timers.Add(this);
                    time.made.Writer.TryWrite(dueTime);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
