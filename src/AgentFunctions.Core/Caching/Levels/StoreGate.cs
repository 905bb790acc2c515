using AgentFunctions.Core.Durable;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>
/// The way to the store: what takes longer than the timeout is cut, and after a failure the store is left alone, for 250 ms at first and twice as long
/// each time up to 30 s; then one call asks, and the others go on without. What it throws goes to the log, once a minute at most.
/// </summary>
/// <param name="timeout">How long a call waits.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of failures.</param>
internal sealed partial class StoreGate(TimeSpan timeout, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Telling = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private TimeSpan pause;
    private long askAgainAt;
    private bool asking;
    private long? toldAt;
    private int untold;

    /// <summary>Whether the store answered last.</summary>
    public bool IsUp
    {
        get
        {
            lock (gate) return pause == TimeSpan.Zero;
        }
    }

    /// <summary>Asks the store, unless it is left alone.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="work">Asks it.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<StoreAnswer<T>> AskAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!TryEnter(out var probe)) return default;
        try
        {
            var answer = await CutAsync(work, timeout, cancellationToken);
            Succeeded();
            return new StoreAnswer<T>(Given: true, Damaged: false, answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            // About this value alone: the store itself is there.
            Succeeded();
            Tell(exception);
            return new StoreAnswer<T>(Given: false, Damaged: true, default!);
        }
        catch (Exception exception)
        {
            Failed(probe);
            Tell(exception);
            return default;
        }
        finally
        {
            if (probe) EndProbe();
        }
    }

    /// <summary>Asks the store even where it is left alone, and gives it longer; for what has to happen.</summary>
    /// <exception cref="CacheUnavailableException">It failed or took too long.</exception>
    public async Task<T> InsistAsync<T>(string what, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CutAsync(work, timeout * 10, cancellationToken);
            Succeeded();
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw new CacheUnavailableException($"The cache's store could not {what}: {exception.Message} Nothing is promised. Try again, and look after the store where it fails again.", exception);
        }
    }

    private async Task<T> CutAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellationToken)
    {
        var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T>? running = null;
        try
        {
            running = work(cut.Token);
            return running.IsCompleted ? await running : await running.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException exception) when (running is { IsCompleted: false })
        {
            throw new TimeoutException($"It took longer than {limit.TotalMilliseconds:0} ms (Cache:StoreTimeout).", exception);
        }
        finally
        {
            if (running is { IsCompleted: false }) Abandon(running, cut);
            cut.Dispose();
        }
    }

    /// <summary>Stops work that nobody waits for, and takes note of how it fails, so that nobody else has to.</summary>
    private static void Abandon(Task running, CancellationTokenSource cut)
    {
        cut.Cancel();
        _ = running.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private bool TryEnter(out bool probe)
    {
        lock (gate)
        {
            probe = pause > TimeSpan.Zero;
            if (!probe) return true;
            if (asking || time.GetTicks() < askAgainAt) return false;
            return asking = true;
        }
    }

    private void EndProbe()
    {
        lock (gate) asking = false;
    }

    private void Succeeded()
    {
        lock (gate)
        {
            if (pause == TimeSpan.Zero) return;
            pause = TimeSpan.Zero;
        }

        LogBack();
    }

    private void Failed(bool probe)
    {
        lock (gate)
        {
            // Calls that were under way when the first failed say nothing new.
            if (pause > TimeSpan.Zero && !probe) return;
            pause = pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            askAgainAt = time.GetTicks() + pause.Ticks;
        }
    }

    private void Tell(Exception exception)
    {
        int before;
        lock (gate)
        {
            var now = time.GetTicks();
            if (toldAt is { } told && now - told < Telling.Ticks)
            {
                untold++;
                return;
            }

            toldAt = now;
            before = untold;
            untold = 0;
        }

        LogFailure(exception, before);
    }

    [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "The cache's store failed or was too slow. Calls go on without it, at the cost of misses. Failures since the last of these lines that were not told: {Before}.")]
    private partial void LogFailure(Exception exception, int before);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Information, Message = "The cache's store answers again.")]
    private partial void LogBack();
}

/// <summary>What the store gave.</summary>
/// <typeparam name="T">Of what type.</typeparam>
/// <param name="Given">Whether it answered.</param>
/// <param name="Damaged">Whether it has a value there that it can't read.</param>
/// <param name="Value">Its answer, where it gave one.</param>
internal readonly record struct StoreAnswer<T>(bool Given, bool Damaged, T Value);
