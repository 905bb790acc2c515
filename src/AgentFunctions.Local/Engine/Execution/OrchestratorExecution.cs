using System.Security.Cryptography;
using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Engine.Execution;

/// <summary>
/// One orchestrator in memory. A turn hands it an input event and returns what it asked for; it does no I/O and reads no clock,
/// so the same inputs give the same requests: that is what replay relies on, and checks.
/// </summary>
internal sealed partial class OrchestratorExecution : OrchestrationContext
{
    private readonly Catalog catalog;
    private readonly OrchestratorRegistration registration;
    private readonly ExecutionStarted started;
    private readonly ILoggerFactory loggers;
    private readonly Action onForeignTask;
    private readonly OrchestratorSynchronizationContext synchronization;
    private readonly Dictionary<int, OpenCall> open = [];
    private readonly EventQueue events = new();
    private readonly Queue<InputEvent> held = new();
    private List<RequestEvent> requests = [];
    private Task<ReadOnlyMemory<byte>>? main;
    private (ReadOnlyMemory<byte> Input, bool KeepEvents)? continuation;
    private DateTimeOffset utcNow;
    private bool suspended;
    private bool replaying;
    private int turnThread;
    private int nextCallId;
    private int guids;

    public OrchestratorExecution(OrchestratorRegistration registration, Catalog catalog, ExecutionStarted started, ILoggerFactory loggers, Action onForeignTask)
    {
        this.registration = registration;
        this.catalog = catalog;
        this.started = started;
        this.loggers = loggers;
        this.onForeignTask = onForeignTask;
        synchronization = new OrchestratorSynchronizationContext(this);
        nextCallId = started.FirstCallId;
    }

    /// <summary>Whether the orchestrator has returned, thrown or continued as new.</summary>
    public bool Ended { get; private set; }

    /// <summary>The number that the next call would get.</summary>
    public int NextCallId => nextCallId;

    /// <summary>Whether the calling thread is in a turn of this execution.</summary>
    public bool IsInTurn => turnThread == Environment.CurrentManagedThreadId;

    public override string Name => registration.Name;

    public override string InstanceId => started.InstanceId;

    public override string? ParentInstanceId => started.ParentInstanceId;

    public override DateTimeOffset UtcNow => utcNow;

    public override bool IsReplaying => replaying;

    /// <summary>Tells the engine that the orchestrator went on outside a turn.</summary>
    public void ReportForeignTask() => onForeignTask();

    /// <summary>Hands over one input event and runs the orchestrator until it waits for the next.</summary>
    public IReadOnlyList<RequestEvent> Turn(InputEvent input, DateTimeOffset at, bool isReplay)
    {
        requests = [];
        utcNow = at;
        replaying = isReplay;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(synchronization);
        turnThread = Environment.CurrentManagedThreadId;
        try
        {
            Accept(input);
            if (synchronization.Drain() is { } stray && !Ended)
            {
                Ended = true;
                requests.Add(new ExecutionFailed(FailureDetails.From(stray)));
            }
            else if (main is { IsCompleted: true } && !Ended && !suspended)
            {
                End(main);
            }
        }
        finally
        {
            turnThread = 0;
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        return requests;
    }

    public override Guid NewGuid()
    {
        EnsureInTurn();
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        var name = Encoding.UTF8.GetBytes($"{InstanceId}\n{started.FirstCallId}\n{started.FirstSequence}\n{guids++}");
#pragma warning disable CA5350 // RFC 9562 defines version 5 over SHA-1; nothing secret depends on it.
        SHA1.HashData(name, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public override ILogger CreateReplaySafeLogger(string category) => new ReplaySafeLogger(loggers.CreateLogger(category), this);

    private void Accept(InputEvent input)
    {
        if (input is ExecutionSuspended)
        {
            suspended = true;
        }
        else if (input is ExecutionResumed)
        {
            suspended = false;
            while (!Ended && held.TryDequeue(out var next))
            {
                Deliver(next);
            }
        }
        else if (suspended)
        {
            held.Enqueue(input);
        }
        else
        {
            Deliver(input);
        }
    }

    private void Deliver(InputEvent input)
    {
        switch (input)
        {
            case ExecutionStarted:
                foreach (var carried in started.CarriedEvents)
                {
                    events.Deliver(carried);
                }

                main = registration.RunAsync(this, started.Input, catalog.Json);
                WatchForEndOutsideTurns(main);
                break;
            case EventRaised raised:
                events.Deliver(raised);
                break;
            case CallCompleted completed:
                Close(completed.CallId)?.Complete(completed.Output);
                break;
            case CallFailed failed:
                Close(failed.CallId)?.Fail(new TaskFailedException(failed.Failure));
                break;
            case TimerFired fired:
                Close(fired.CallId)?.Complete(default);
                break;
            default:
                throw new InvalidOperationException($"{input.GetType().Name} ends a run without its orchestrator, so it can't be handed to one.");
        }
    }

    private OpenCall? Close(int callId)
    {
        if (!open.Remove(callId, out var call))
        {
            return null;
        }

        call.Registration.Dispose();
        return call;
    }

    private void End(Task<ReadOnlyMemory<byte>> ended)
    {
        Ended = true;
        ReadOnlyMemory<byte> output;
        try
        {
#pragma warning disable VSTHRD002, CA1031 // The task has ended; whatever an orchestrator throws is the run's failure.
            output = ended.GetAwaiter().GetResult();
        }
        catch (Exception e)
#pragma warning restore VSTHRD002, CA1031
        {
            requests.Add(new ExecutionFailed(FailureDetails.From(e)));
            return;
        }

        requests.Add(continuation is { } next
            ? new ContinuedAsNew(next.Input, next.KeepEvents ? [.. events.Unprocessed] : [])
            : new ExecutionCompleted(output));
    }

    private void WatchForEndOutsideTurns(Task task) => _ = task.ContinueWith(
        static (_, state) =>
        {
            var execution = (OrchestratorExecution)state!;
            if (!execution.IsInTurn)
            {
                execution.ReportForeignTask();
            }
        },
        this,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Whether a token of the orchestrator's fired where it may. It can't be told by an exception: a timer that cancels would take the process down with it.</summary>
    private bool MayBeCancelledHere()
    {
        if (!IsInTurn)
        {
            ReportForeignTask();
        }

        return IsInTurn;
    }

    private void EnsureInTurn()
    {
        if (!IsInTurn)
        {
            throw new InvalidOperationException($"The orchestrator '{Name}' used its context outside its engine's thread. It may await only tasks that the context gave it, without ConfigureAwait(false); move other work to an activity.");
        }
    }
}
