using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Machine;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using JournalLog = AgentFunctions.Local.Journal.Journal;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>
/// The real machine, the real journal and the real orchestrators in one thread, with everything around them drawn from a seed: which message
/// comes next and whether it comes twice, when the journal is written, how long an activity takes and whether it fails, and when the power goes.
/// </summary>
internal sealed partial class SimulatedWorld : IEffectTarget
{
    private const int MostSteps = 60_000;
    private readonly int seed;
    private readonly Random random;
    private readonly Catalog catalog;
    private readonly IServiceProvider services;
    private readonly WorldFaults faults;
    private readonly EngineOptions options;
    private readonly List<SimulatedRun> wanted;
    private readonly List<EngineMessage> inFlight = [];
    private readonly List<ActivityWork> running = [];
    private readonly HashSet<(string InstanceId, int CallId)> recorded = [];
    private readonly List<(string InstanceId, int CallId)> unwritten = [];
    private readonly HashSet<string> accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<StartedRun>> asked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string InstanceId, int CallId), int> executions = [];
    private SimulatedStorage storage;
    private EngineMachine machine;
    private JournalLog journal;
    private DateTimeOffset now = Beginning;

    public SimulatedWorld(int seed, Catalog catalog, IServiceProvider services, WorldFaults faults, IEnumerable<SimulatedRun> wanted)
    {
        (this.seed, this.catalog, this.services, this.faults, this.wanted) = (seed, catalog, services, faults, [.. wanted]);
        random = new Random(seed);
        options = new EngineOptions
        {
            ReplayEveryTurn = random.Next(2) == 0,
            MaxIdleInMemory = random.Next(3) switch { 0 => 0, 1 => 1, _ => 1000 },
            CompactionBytes = 64 << 10,
        };
        storage = new SimulatedStorage(random);
        (machine, journal) = Open();
    }

    /// <summary>When every world begins.</summary>
    public static DateTimeOffset Beginning { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The world's time.</summary>
    public DateTimeOffset Now => now;

    /// <summary>How often the engine was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>How often an activity ran.</summary>
    public int Executions => executions.Values.Sum();

    /// <summary>Lives until every run has been accepted and has ended, then crashes once more and reads them all back.</summary>
    /// <exception cref="BrokenPromiseException">A promise was broken; the message holds the seed.</exception>
    public IReadOnlyDictionary<string, SimulatedOutcome> Live()
    {
        try
        {
            for (var step = 0; !IsOver(); step++)
            {
                if (step == MostSteps)
                {
                    throw new BrokenPromiseException(seed, $"after {MostSteps} steps not all runs have ended: {Describe()}");
                }

                Step();
            }

            Restart(storage.Crash(random));
            return wanted.ToDictionary(w => w.InstanceId, w => Outcome(w.InstanceId), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is not BrokenPromiseException)
        {
            throw new BrokenPromiseException(seed, $"{e.GetType().Name}: {e.Message} {Describe()}", e);
        }
    }

    /// <summary>An entity's saved state.</summary>
    public TState? EntityState<TState>(EntityId entity)
        where TState : class => Ask(new ReadEntity(entity)) is { } state ? DurableJson.Read<TState>(state, catalog.Json) : null;

    void IEffectTarget.Run(ActivityWork work)
    {
        if (recorded.Contains((work.InstanceId, work.CallId)))
        {
            throw new BrokenPromiseException(seed, $"activity '{work.Name}', call {work.CallId} of run '{work.InstanceId}', is to run again although its outcome was recorded.");
        }

        running.Add(work);
    }

    void IEffectTarget.Cancel(long handle, int callId) => running.RemoveAll(w => w.Handle == handle && w.CallId == callId);

    private (EngineMachine Machine, JournalLog Journal) Open()
    {
        var opened = new EngineMachine(catalog, options, NullLoggerFactory.Instance, Write) { ForeignTask = handle => throw new BrokenPromiseException(seed, $"run {handle} awaited a foreign task.") };
        var log = JournalLog.Open(storage, new JournalOptions { SegmentBytes = JournalOptions.MinSegmentBytes, Random = random }, opened.Recover);
        opened.Attach(log);
        (machine, journal) = (opened, log);
        opened.NoteWritten();
        opened.ResumeWork(now);
        return (opened, log);
    }

    private void Restart(SimulatedStorage found)
    {
        Restarts++;
        inFlight.Clear();
        running.Clear();
        unwritten.Clear();
        asked.Clear();
        storage = found;
        Open();
        foreach (var id in accepted)
        {
            if (Ask(new ReadRun(id)) is null)
            {
                throw new BrokenPromiseException(seed, $"the run '{id}' was accepted and is gone after restart {Restarts}.");
            }
        }
    }

    private bool IsOver() => wanted.All(w => accepted.Contains(w.InstanceId) && Ask(new ReadRun(w.InstanceId)) is { } run && run.Status.IsFinal()) && Settled();

    private bool Settled()
    {
        Flush();
        return true;
    }

    /// <summary>Asks the machine directly. Nothing is written: answers to questions are not durable and need not be.</summary>
    private T Ask<T>(EngineRequest<T> request)
    {
        var effects = machine.TakeEffects();
        machine.Handle(request, now);
        var mine = machine.TakeEffects();
        foreach (var effect in mine)
        {
            effect.Release(this);
        }

        kept.AddRange(effects);
        return request.Source.Task.GetAwaiter().GetResult();
    }

    private SimulatedOutcome Outcome(string id)
    {
        var run = Ask(new ReadRun(id)) ?? throw new BrokenPromiseException(seed, $"the run '{id}' was accepted and is gone.");
        var completed = run.Status == RuntimeStatus.Completed ? run.LastTurn().Requests.OfType<ExecutionCompleted>().Single() : null;
        return new SimulatedOutcome(run.Status, completed is null ? null : DurableJson.Parse(completed.Output), run.Failure);
    }

    private string Describe() => $"[{Restarts} restarts, {inFlight.Count} messages in flight, {running.Count} activities running, replay {options.ReplayEveryTurn}, idle {options.MaxIdleInMemory}; "
        + string.Join(", ", wanted.Select(w => $"{w.InstanceId} {(accepted.Contains(w.InstanceId) ? "accepted" : "not accepted")}")) + "]";
}
