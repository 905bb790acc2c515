using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Habits;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Policies.Speculation;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>What a run knows of earlier runs and leaves to later ones: the session's conversation, and the agent's habits.</summary>
internal sealed partial class AgentMemory(OrchestrationContext context, AgentLoopInput input)
{
    private const int MostObservations = 50;

    private readonly List<TurnObservation> observations = [];
    private readonly bool learns = input.Speculate && input.Tools.Count > 0;
    private readonly ILogger logger = context.CreateReplaySafeLogger("AgentFunctions.AgentLoop");
    private ToolHabits habits = ToolHabits.None;
    private SessionHead? started;
    private ReplaySafeRandom? random;

    /// <summary>Where the conversation stands that this run continues, or null.</summary>
    public ContentRef? Head => started?.Head;

    /// <summary>What became of the session, or null where there is none.</summary>
    public AgentSession? Session { get; private set; }

    private EntityId Habits => EntityReferences.ToolHabits(input.Agent ?? ContentRef.Of(Encoding.UTF8.GetBytes($"{input.Instructions}\n{string.Join('\n', input.Tools.Order(StringComparer.Ordinal))}")).Sha256[..32], Tenants.Of(context.InstanceId));

    /// <summary>Random numbers for waits between attempts.</summary>
    public double Draw() => (random ??= ReplaySafeRandom.From(context)).NextDouble();

    /// <summary>Reads what is known.</summary>
    public async Task RecallAsync()
    {
        var recalling = learns ? context.CallEntityAsync(Habits, ToolHabitsEntity.Get, 0) : null;
        if (input.Session is { } id)
        {
            started = await context.CallEntityAsync(EntityReferences.Session(id, Tenants.Of(context.InstanceId)), SessionEntity.Get, 0);
            Session = new AgentSession { Id = id, StartedFrom = started.Version, Version = started.Version, Saved = false };
        }

        if (recalling is null) return;
        try
        {
            habits = await recalling;
        }
        catch (TaskFailedException failed)
        {
            // Without habits the run is slower and not worse.
            LogNoHabits(logger, Habits.Key, failed);
        }
    }

    /// <summary>The calls that are expected now.</summary>
    public IReadOnlyList<PredictedCall> Predict(TurnSituation situation) => learns ? ToolPrediction.Predict(habits, situation, input.SpeculationThreshold) : [];

    /// <summary>Learns what the model did.</summary>
    public void Observe(TurnSituation situation, IEnumerable<ModelToolCall> calls)
    {
        if (!learns) return;
        var observation = HabitLearning.Observe(situation, calls.Select(call => (call.Tool, call.Arguments!.Value)));
        habits = HabitLearning.Learn(habits, observation);
        observations.Add(observation);
    }

    /// <summary>Leaves to later runs what this one has come to.</summary>
    /// <param name="head">Where the conversation stands now.</param>
    public async Task KeepAsync(ContentRef? head)
    {
        if (observations.Count > 0) context.SignalEntity(Habits, ToolHabitsEntity.Learn, (IReadOnlyList<TurnObservation>)[.. observations.TakeLast(MostObservations)]);
        if (Session is null || started is null || head is null || head == started.Head) return;
        var written = await context.CallEntityAsync(EntityReferences.Session(Session.Id, Tenants.Of(context.InstanceId)), SessionEntity.Append, new SessionAppend(started.Version, head, context.InstanceId));
        Session = Session with { Version = written.Session.Version, Saved = written.Accepted, ConflictingHead = written.Accepted ? null : written.Session.Head };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The habits of the agent '{Agent}' could not be read. This run makes no guesses from earlier runs.")]
    private static partial void LogNoHabits(ILogger logger, string agent, Exception error);
}
