using System.Diagnostics.CodeAnalysis;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Machine;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using JournalLog = AgentFunctions.Local.Journal.Journal;

namespace AgentFunctions.Local.Tests.Engine.Machine;

/// <summary>The machine and its journal on one thread: the test says what comes when, when it is written, and when the power goes.</summary>
internal sealed class MachineBench : IEffectTarget
{
    private readonly EngineOptions options;
    private readonly IJournalStorage storage;
    private Catalog catalog;

    /// <param name="build">What it runs.</param>
    /// <param name="options">Its settings. Default: compaction from 64 KiB on.</param>
    /// <param name="storage">Where the journal is. Default: memory.</param>
    public MachineBench(Action<CatalogBuilder> build, EngineOptions? options = null, IJournalStorage? storage = null)
    {
        this.options = options ?? new EngineOptions { CompactionBytes = 64 << 10 };
        this.storage = storage ?? new MemoryJournalStorage();
        catalog = TestCatalog.Build(build);
        Open();
    }

    public EngineMachine Machine { get; private set; }

    public JournalLog Journal { get; private set; }

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The activities that were to be run.</summary>
    public List<ActivityWork> Begun { get; } = [];

    /// <summary>The activities that were to be stopped.</summary>
    public List<(long Handle, int CallId)> Stopped { get; } = [];

    /// <summary>How often the journal was compacted.</summary>
    public int Compactions { get; private set; }

    /// <summary>The most bytes that the journal has had.</summary>
    public long MostBytes { get; private set; }

    public ReadOnlyMemory<byte> Json<T>(T value) => DurableJson.Write(value, catalog.Json);

    /// <summary>Hands over a message; nothing else happens.</summary>
    public void Tell(EngineMessage message) => Machine.Handle(message, Now);

    /// <summary>Asks, settles, and gives the answer.</summary>
    public T Ask<T>(EngineRequest<T> request)
    {
        Tell(request);
        Settle();
        Assert.True(request.Source.Task.IsCompleted, $"{request.GetType().Name} has no answer.");
        return request.Source.Task.GetAwaiter().GetResult();
    }

    public string Start<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string id) =>
        Ask(new StartRun(orchestrator.Name, id, Json(input), RunPriority.Workflow)).InstanceId;

    public void Raise<T>(string id, string name, T payload) => Ask(new RaiseEvent(id, name, Json(payload)));

    public RunSnapshot Read(string id) => Ask(new ReadRun(id)) ?? throw new Xunit.Sdk.XunitException($"There is no run '{id}'.");

    public T Result<T>(string id) =>
        Read(id) is { Status: RuntimeStatus.Completed } run
            ? DurableJson.Read<T>(run.LastTurn().Requests.OfType<Local.Engine.History.ExecutionCompleted>().Single().Output, catalog.Json)
            : throw new Xunit.Sdk.XunitException($"The run '{id}' is {Read(id).Status}: {Read(id).Failure}.");

    /// <summary>Runs the activities that were to be run, and tells the machine.</summary>
    public void EndActivities(Func<ActivityWork, ReadOnlyMemory<byte>> output)
    {
        var begun = Begun.ToList();
        Begun.Clear();
        foreach (var work in begun)
        {
            Tell(new ActivityEnded(work.Handle, work.CallId, output(work), null, Now));
        }

        Settle();
    }

    /// <summary>Handles everything that the machine has for itself, and all timers that are due; then writes.</summary>
    public void Settle()
    {
        do
        {
            while (Machine.HasInternalMessages)
            {
                Machine.HandleInternal(Now);
            }
        }
        while (Machine.FireTimer(Now) || Machine.HasInternalMessages);

        Flush();
    }

    /// <summary>Writes what was appended, releases the effects, and compacts where that is worth its while.</summary>
    public void Flush()
    {
        Write();
        foreach (var effect in Machine.TakeEffects())
        {
            effect.Release(this);
        }

        MostBytes = Math.Max(MostBytes, Journal.TotalBytes);
        if (Machine.WantsCompaction)
        {
            Compact();
        }
    }

    public void Compact()
    {
        var (compaction, rewrite) = Machine.BeginCompaction();
        using (compaction)
        {
            compaction.Run(rewrite, CancellationToken.None);
            Machine.CompleteCompaction(compaction);
        }

        Compactions++;
    }

    /// <summary>The power fails: what was not written is lost. Then it starts again, perhaps with another catalog.</summary>
    public void Crash(Action<CatalogBuilder>? changed = null)
    {
        catalog = changed is null ? catalog : TestCatalog.Build(changed);
        Begun.Clear();
        Stopped.Clear();
        Open();
    }

    void IEffectTarget.Run(ActivityWork work) => Begun.Add(work);

    void IEffectTarget.Cancel(long handle, int callId) => Stopped.Add((handle, callId));

    [MemberNotNull(nameof(Machine), nameof(Journal))]
    private void Open()
    {
        Machine = new EngineMachine(catalog, options, NullLoggerFactory.Instance, Write);
        Journal = JournalLog.Open(storage, new JournalOptions { SegmentBytes = JournalOptions.MinSegmentBytes }, Machine.Recover);
        Machine.Attach(Journal);
        Machine.ResumeWork(Now);
    }

    private void Write()
    {
        if (Journal.PendingBytes > 0)
        {
            Journal.Write(Journal.TakeBatch());
            Machine.NoteWritten();
        }
    }
}
