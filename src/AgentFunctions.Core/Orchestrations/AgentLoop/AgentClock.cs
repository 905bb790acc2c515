using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>The time that a run may take: one durable timer, cancelled when it is no longer needed.</summary>
internal sealed class AgentClock : IDisposable
{
    /// <summary>How long a model call that runs when the time is up may take to end: it is paid for, so its answer is worth a wait.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private readonly OrchestrationContext context;
    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenSource timeUp = new();
    private readonly Task timer;

    public AgentClock(OrchestrationContext context, TimeSpan duration)
    {
        this.context = context;
        Deadline = context.UtcNow + duration;
        timer = WatchAsync(duration);
    }

    public DateTimeOffset Deadline { get; }

    public bool IsUp => timeUp.IsCancellationRequested;

    /// <summary>Fires when the time is up.</summary>
    public CancellationToken TimeUp => timeUp.Token;

    /// <summary>Waits for a paid call, and no longer than the grace after the time is up.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> WaitAsync(Task call)
    {
        if (await Task.WhenAny(call, timer) == call) return true;
        using var ended = new CancellationTokenSource();
        var grace = context.CreateTimerAsync(Grace, ended.Token);
        if (await Task.WhenAny(call, grace) == grace) return false;
        ended.Cancel();
        return true;
    }

    public void Dispose()
    {
        over.Cancel();
        over.Dispose();
        timeUp.Dispose();
    }

    private async Task WatchAsync(TimeSpan duration)
    {
        try
        {
            await context.CreateTimerAsync(duration, over.Token);
            timeUp.Cancel();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run ended in time.
        }
    }
}
