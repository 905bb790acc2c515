using System.Threading.Channels;

namespace AgentFunctions.Local.Tests.CommandLine;

/// <summary>Time that stands still until a test moves it.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Entry> timers = [];
    private readonly Channel<bool> created = Channel.CreateUnbounded<bool>();
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var entry = new Entry(this, () => callback(state));
        entry.Change(dueTime, period);
        return entry;
    }

    /// <summary>Waits until somebody waits for time to pass, then lets it pass.</summary>
    public async Task AdvanceOnceAwaitedAsync(TimeSpan by)
    {
        await created.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        List<Entry> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(t => t.Due <= now)];
            timers.RemoveAll(due.Contains);
        }

        due.ForEach(t => t.Fire());
    }

    private sealed class Entry(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = time.now + dueTime;
                    time.timers.Add(this);
                    time.created.Writer.TryWrite(true);
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
