using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Serialization;
using Moq;

namespace AgentFunctions.Core.Tests.Limiting;

/// <summary>An engine that serves limiters at once, each operation and state through JSON.</summary>
internal sealed class LimiterHost : IEngineClient
{
    private readonly Dictionary<EntityId, ReadOnlyMemory<byte>> states = [];
    private readonly IEntityDefinition entity = new RateLimiterEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(RateLimiterJsonContext.Default);
    private readonly Mock<IRunClient> client = new(MockBehavior.Strict);

    public LimiterHost(TimeProvider time)
    {
        client.Setup(runs => runs.SignalEntityAsync(It.IsAny<EntityId>(), RateLimiterEntity.Lease, It.IsAny<LeaseRequest>(), It.IsAny<CancellationToken>()))
            .Returns((EntityId id, EntityOperation<LeaseRequest, Core.Policies.RateLimiting.PermitGrant> operation, LeaseRequest request, CancellationToken _) =>
            {
                Requests.Add(request);
                if (!Serves) return Task.CompletedTask;
                var outcome = entity.Apply(operation.Name, entity.ReadState(states.GetValueOrDefault(id), json), DurableJson.Parse(DurableJson.Write(request, json)), new EntityContext(id, time.GetUtcNow()), json);
                states[id] = entity.WriteState(outcome.State, json);
                return Task.CompletedTask;
            });
        client.Setup(runs => runs.GetEntityStateAsync<RateLimiterState>(It.IsAny<EntityId>(), It.IsAny<CancellationToken>())).ReturnsAsync((EntityId id, CancellationToken _) => StateOf(id));
    }

    public List<LeaseRequest> Requests { get; } = [];

    /// <summary>Whether operations are served, or lost.</summary>
    public bool Serves { get; set; } = true;

    public IRunClient? Current => client.Object;

    public RateLimiterState? StateOf(EntityId id) => states.TryGetValue(id, out var state) ? DurableJson.Read<RateLimiterState>(state, json) : null;
}
