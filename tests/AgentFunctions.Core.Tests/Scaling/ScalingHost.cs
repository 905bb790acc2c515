using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Scaling;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Serialization;
using Moq;

namespace AgentFunctions.Core.Tests.Scaling;

/// <summary>An engine that serves the scaling entity at once, each operation and state through JSON, by a clock of its own.</summary>
internal sealed class ScalingHost : IEngineClient
{
    private readonly IEntityDefinition entity = new ScalingEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(ScalingJsonContext.Default);
    private readonly Mock<IRunClient> client = new(MockBehavior.Strict);
    private ReadOnlyMemory<byte> state;

    public ScalingHost(TimeProvider time)
    {
        client.Setup(runs => runs.SignalEntityAsync(EntityReferences.Scaling("app"), ScalingEntity.Report, It.IsAny<WorkerReport>(), It.IsAny<CancellationToken>()))
            .Returns((EntityId id, EntityOperation<WorkerReport, int> operation, WorkerReport report, CancellationToken _) =>
            {
                if (Fails) throw new TimeoutException("The task hub is away.");
                Reports.Add(report);
                var outcome = entity.Apply(operation.Name, entity.ReadState(state, json), DurableJson.Parse(DurableJson.Write(report, json)), new EntityContext(id, time.GetUtcNow() + ClockOffset), json);
                state = entity.WriteState(outcome.State, json);
                return Task.CompletedTask;
            });
        client.Setup(runs => runs.GetEntityStateAsync<ScalingEntityState>(EntityReferences.Scaling("app"), It.IsAny<CancellationToken>())).ReturnsAsync(() => State);
    }

    public List<WorkerReport> Reports { get; } = [];

    public bool Fails { get; set; }

    /// <summary>By how much the clock of whichever worker serves the entity is ahead.</summary>
    public TimeSpan ClockOffset { get; set; }

    public IRunClient? Current => client.Object;

    public ScalingEntityState? State => state.IsEmpty ? null : DurableJson.Read<ScalingEntityState>(state, json);
}
