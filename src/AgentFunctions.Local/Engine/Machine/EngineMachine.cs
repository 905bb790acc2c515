using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>
/// The engine as a state machine: a message and the time go in; journal records and effects come out. It starts no thread, reads no clock,
/// writes nothing itself and is used by one thread, so the same messages give the same records: for real, and under a seeded simulation.
/// </summary>
/// <remarks>
/// Every message is one record, and a record is in the journal as a whole or not at all. Messages that one run sends another
/// (a sub-orchestration's start and end, an entity call, the next execution) go through an internal queue; each can be derived again from
/// what is in the journal, so a crash between a record and the next loses nothing.
/// </remarks>
internal sealed partial class EngineMachine
{
    private readonly Catalog catalog;
    private readonly EngineOptions options;
    private readonly ILoggerFactory loggers;
    private readonly Action writePending;
    private readonly Dictionary<long, Instance> byHandle = [];
    private readonly Dictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityId, EntityRecord> entities = [];
    private readonly Queue<EngineMessage> internalMessages = new();
    private readonly LinkedList<Instance> idle = new();
    private readonly RecordWriter record = new();
    private readonly List<(Instance Instance, bool HasCustomStatus, int Bytes)> touched = [];
    private readonly List<EntityRecord> touchedEntities = [];
    private readonly List<Effect> recordEffects = [];
    private readonly List<RunSnapshot> unwrittenSnapshots = [];
    private List<Effect> effects = [];
    private EngineMessage? handling;
    private DateTimeOffset now;
    private long lastHandle;
    private JournalPosition lastAppended;
    private JournalPosition lastWritten;
    private Journal.Journal journal = null!;

    /// <summary>Makes a machine. Its journal's records go to <see cref="Recover(JournalPosition, ReadOnlySpan{byte})"/>, then the journal to <see cref="Attach"/>, then <see cref="ResumeWork"/> is called.</summary>
    /// <param name="catalog">What it runs.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="loggers">Where orchestrators' logs go.</param>
    /// <param name="writePending">Writes what was appended, now: called when a run must be read back whose last turn is not written yet.</param>
    public EngineMachine(Catalog catalog, EngineOptions options, ILoggerFactory loggers, Action writePending)
    {
        options.Validate();
        this.catalog = catalog;
        this.options = options;
        this.loggers = loggers;
        this.writePending = writePending;
    }

    /// <summary>Called from any thread when an orchestrator awaited a task of another; the host posts <see cref="ForeignTaskAwaited"/>.</summary>
    public Action<long>? ForeignTask { get; set; }

    /// <summary>How many runs there are, ended ones included.</summary>
    public int InstanceCount => byHandle.Count;

    /// <summary>Whether messages to itself wait to be handled with <see cref="HandleInternal"/>.</summary>
    public bool HasInternalMessages => internalMessages.Count > 0;

    /// <summary>Gives the machine the journal that it appends to, and reads back what has left memory from.</summary>
    public void Attach(Journal.Journal open) => journal = open;

    /// <summary>Tells the machine that everything appended so far has been written, so that it can be read back.</summary>
    public void NoteWritten()
    {
        lastWritten = lastAppended;
        foreach (var snapshot in unwrittenSnapshots)
        {
            // The write may have begun a segment that the reader of before does not know.
            snapshot.ReadThrough(journal.GetReader());
        }

        unwrittenSnapshots.Clear();
    }

    /// <summary>Handles a message from outside.</summary>
    public void Handle(EngineMessage message, DateTimeOffset utcNow)
    {
        now = utcNow > now ? utcNow : now;
        handling = message;
        Dispatch(message);
        Commit();
        handling = null;
    }

    /// <summary>Handles one message to itself.</summary>
    public void HandleInternal(DateTimeOffset utcNow)
    {
        if (internalMessages.TryDequeue(out var message))
        {
            Handle(message, utcNow);
        }
    }

    /// <summary>The effects since the last call, to be released when everything appended so far is durable.</summary>
    public List<Effect> TakeEffects()
    {
        NotifyObservers();
        var taken = effects;
        effects = [];
        return taken;
    }

    /// <summary>The engine has stopped: tells everyone who waits for an answer, or follows a run.</summary>
    public void Abandon(Exception reason)
    {
        foreach (var effect in effects.Concat(recordEffects))
        {
            effect.Abandon(reason);
        }

        foreach (var request in internalMessages.Append(handling).OfType<EngineRequest>())
        {
            request.Abandon(reason);
        }

        foreach (var observer in byHandle.Values.SelectMany(i => i.Observers ?? []))
        {
            observer.OnStopped(reason);
        }
    }

    private void Dispatch(EngineMessage message)
    {
        switch (message)
        {
            case ActivityEnded m: EndActivity(m); break;
            case StartRun m: Start(m); break;
            case RaiseEvent m: Steer(m, m.InstanceId, new EventRaised(m.Name, m.Payload)); break;
            case SuspendRun m: Suspend(m); break;
            case ResumeRun m: Resume(m); break;
            case TerminateRun m: Terminate(m); break;
            case RestartRun m: Restart(m); break;
            case PurgeRun m: Purge(m); break;
            case SignalEntity m: Signal(m); break;
            case ReadRun m: Answer(m, byId.TryGetValue(m.InstanceId, out var run) ? Snapshot(run) : null); break;
            case ListRuns m: List(m); break;
            case ReadEntity m: Read(m); break;
            case ObserveRun m: Observe(m); break;
            case StopObserving m: StopObserving(m); break;
            case StartSubOrchestration m: StartSub(m); break;
            case TerminateSubOrchestration m: TerminateSub(m); break;
            case ApplyEntityCall m: CallEntity(m); break;
            case ContinueExecution m: Continue(m); break;
            case ForeignTaskAwaited m: AbortForForeignTask(m); break;
            default: throw new ArgumentException($"The engine does not know {message.GetType().Name}.", nameof(message));
        }
    }

    /// <summary>Appends what the message led to as one record, and lets its effects follow it.</summary>
    private void Commit()
    {
        if (record.Length > 0)
        {
            var position = lastAppended = journal.Append(record.Written);
            foreach (var (instance, hasCustomStatus, bytes) in touched)
            {
                instance.Committed(position, bytes, hasCustomStatus);
                needed += bytes;
                if (instance.Observers is not null)
                {
                    changedObserved.Add(instance);
                }
            }

            foreach (var entity in touchedEntities)
            {
                entity.StateAt = position;
            }

            record.Clear();
        }

        effects.AddRange(recordEffects);
        recordEffects.Clear();
        touched.Clear();
        touchedEntities.Clear();
        EvictIdle();
    }

    private void Answer<T>(EngineRequest<T> request, T value) => recordEffects.Add(new Reply<T>(request.Source, value));

    private void Refuse<T>(EngineRequest<T> request, Exception reason) => recordEffects.Add(new Refusal<T>(request.Source, reason));

    private RunSnapshot Snapshot(Instance instance)
    {
        var snapshot = new RunSnapshot(instance, journal.GetReader());
        if (lastAppended.CompareTo(lastWritten) != 0)
        {
            unwrittenSnapshots.Add(snapshot);
        }

        return snapshot;
    }
}
