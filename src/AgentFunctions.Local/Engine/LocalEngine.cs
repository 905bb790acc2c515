using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Machine;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine;

/// <summary>
/// The pump around the machine: takes what has come, lets the machine handle it, writes the journal once for all of it, then releases the
/// effects. One thread does all that, so under load one fsync serves many messages, and nothing is ever visible before it is durable.
/// </summary>
internal sealed partial class LocalEngine : IAsyncDisposable
{
    private const int MessagesPerWrite = 4096;

    // A computer that slept, or whose clock was set, has a clock ahead of its timers: so it is looked at now and then.
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromMinutes(1);
    private readonly MessageQueue queue = new();
    private readonly EngineMachine machine;
    private readonly Journal.Journal journal;
    private readonly ActivityDispatcher dispatcher;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ITimer alarm;
    private readonly Thread thread;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset alarmAt = DateTimeOffset.MaxValue;
    private Exception? stopReason;
    private volatile bool stopping;
    private readonly Lock stopGate = new();
    private Task? stop;

    /// <summary>Opens the journal, takes up what was left undone, and starts the pump.</summary>
    /// <exception cref="JournalDamagedException">The journal is damaged; the message names the file and the offset.</exception>
    public LocalEngine(Catalog catalog, IServiceProvider services, IJournalStorage storage, JournalOptions journalOptions, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        this.time = time;
        logger = loggers.CreateLogger("AgentFunctions.Engine");
        dispatcher = new ActivityDispatcher(catalog, services, options.MaxActivities, time, logger, Post);
        machine = new EngineMachine(catalog, options, loggers, WritePending) { ForeignTask = handle => Post(new ForeignTaskAwaited(handle)) };
        journal = Local.Journal.Journal.Open(storage, journalOptions, machine.Recover);
        machine.Attach(journal);
        if (journal.Recovery.Torn is { } torn)
        {
            LogTornTail(logger, torn);
        }

        foreach (var file in journal.Recovery.Removed)
        {
            LogRemoved(logger, file);
        }

        try
        {
            machine.ResumeWork(time.GetUtcNow());
        }
        catch
        {
            journal.Dispose();
            throw;
        }

        alarm = time.CreateTimer(_ => queue.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        thread = new Thread(Pump) { IsBackground = true, Name = "AgentFunctions engine" };
        thread.Start();
    }

    /// <summary>Ends when the engine has stopped; faulted when it had to.</summary>
    public Task Completion => completion.Task;

    /// <summary>How many runs there are.</summary>
    public int InstanceCount => machine.InstanceCount;

    /// <summary>How loaded the engine is.</summary>
    public ILoadSource Load => dispatcher;

    /// <summary>How many activities run now.</summary>
    public int RunningActivities => dispatcher.Running;

    /// <summary>How many activities wait for a place.</summary>
    public int WaitingActivities => dispatcher.Waiting;

    /// <summary>When an activity that runs now began to, or null where it does not run.</summary>
    public DateTimeOffset? StartedAt(long handle, int callId) => dispatcher.StartedAt(handle, callId);

    /// <summary>Hands the engine a message; never blocks.</summary>
    public void Post(EngineMessage message)
    {
        queue.Post(message);
        if (stopReason is not null)
        {
            AbandonQueued();
        }
    }

    /// <summary>Hands the engine a request and waits for its answer.</summary>
    public Task<T> AskAsync<T>(EngineRequest<T> request, CancellationToken cancellationToken)
    {
        Post(request);
        return request.Source.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what has been accepted and an orderly end, then stops. Activities that run are asked to stop, and run again after the restart.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(orderly: true);

    /// <summary>Stops.</summary>
    /// <param name="orderly">False ends the journal as a kill would: what tests of crashes ask for.</param>
    public Task StopAsync(bool orderly)
    {
        lock (stopGate)
        {
            // Who comes second waits for the same end: only then may the storage be let go.
            return stop ??= StopOnceAsync(orderly);
        }
    }

    private async Task StopOnceAsync(bool orderly)
    {
        stopping = true;
        queue.Wake();
        thread.Join();
        await alarm.DisposeAsync();
        await StopCompactionAsync();
        if (orderly && completion.Task.IsCompletedSuccessfully)
        {
            journal.Close();
        }

        journal.Dispose();
        queue.Dispose();
    }

    private void Pump()
    {
        try
        {
            while (!stopping)
            {
                var worked = HandleSome();
                Flush();
                Compact();
                if (!worked)
                {
                    SetAlarm();
                    queue.Wait(() => !stopping && compacting is not { IsCompleted: true } && !(machine.NextTimer <= time.GetUtcNow()));
                    alarmAt = DateTimeOffset.MaxValue;
                }
            }

            Stop(new EngineStoppedException("The engine has been stopped. Start it again on the same folder: what was accepted goes on.", null));
            completion.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever stops the pump must reach everyone who waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogStopped(logger, e);
            var reason = new EngineStoppedException($"The engine has stopped, because it can no longer keep its promises: {e.Message}", e);

            // First, so that whoever is turned away finds out why when they look.
            completion.TrySetException(reason);
            Stop(reason);
        }
    }

    private bool HandleSome()
    {
        var handled = 0;
        for (var worked = true; worked && handled < MessagesPerWrite;)
        {
            worked = false;
            if (queue.TryTake(out var message))
            {
                machine.Handle(message, time.GetUtcNow());
                worked = true;
            }

            // Taken in turn with what comes from outside, so that runs that talk to each other without end do not shut others out.
            if (machine.HasInternalMessages)
            {
                machine.HandleInternal(time.GetUtcNow());
                worked = true;
            }

            worked |= machine.NextTimer is { } due && due <= time.GetUtcNow() && machine.FireTimer(time.GetUtcNow());
            handled += worked ? 1 : 0;
        }

        return handled > 0;
    }

    private void Flush()
    {
        // Effects stay the machine's until the write has succeeded: a failure abandons them, and whoever waits is told.
        WritePending();
        foreach (var effect in machine.TakeEffects())
        {
            effect.Release(dispatcher);
        }
    }

    private void WritePending()
    {
        if (journal.PendingBytes > 0)
        {
            journal.Write(journal.TakeBatch());
            machine.NoteWritten();
        }
    }

    private void SetAlarm()
    {
        if (machine.NextTimer is not { } due || due == alarmAt)
        {
            return;
        }

        alarmAt = due;
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling((due - time.GetUtcNow()).TotalMilliseconds));
        alarm.Change(delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestAlarm ? LongestAlarm : delay, Timeout.InfiniteTimeSpan);
    }

    private void Stop(Exception reason)
    {
        stopReason = reason;
        dispatcher.Stop();
        machine.Abandon(reason);
        AbandonQueued();
    }

    private void AbandonQueued()
    {
        while (queue.TryTake(out var message))
        {
            (message as EngineRequest)?.Abandon(stopReason!);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The engine has stopped. Restart it; what was accepted is in the journal.")]
    private static partial void LogStopped(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was left over from a compaction that a crash cut short; it was no part of the journal and was removed.")]
    private static partial void LogRemoved(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's last write was cut short by a crash: {Torn}. Nothing in it had been acknowledged.")]
    private static partial void LogTornTail(ILogger logger, TornTail torn);
}

/// <summary>The engine has stopped, so a request could not be answered. What was accepted before is in the journal.</summary>
internal sealed class EngineStoppedException(string message, Exception? inner) : Exception(message, inner);
