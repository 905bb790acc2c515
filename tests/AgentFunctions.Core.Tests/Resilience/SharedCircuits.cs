using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.CircuitBreaker;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Resilience;

/// <summary>Entities that serve circuits at once, each operation and state through JSON.</summary>
internal sealed class SharedCircuits(TimeProvider time) : ICircuitShare
{
    private readonly Dictionary<EntityId, ReadOnlyMemory<byte>> states = [];
    private readonly IEntityDefinition entity = new CircuitBreakerEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(CircuitBreakerJsonContext.Default);

    public bool IsThere { get; set; } = true;

    /// <summary>Whether operations are served, or lost.</summary>
    public bool Serves { get; set; } = true;

    /// <summary>What the store throws.</summary>
    public Exception? Failure { get; set; }

    public List<CircuitTell> Told { get; } = [];

    public int Reads { get; private set; }

    public Task TellAsync(CircuitTarget target, CircuitTell news, CancellationToken cancellationToken)
    {
        if (Failure is not null) return Task.FromException(Failure);
        Told.Add(news);
        if (Serves) Apply(target, news, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<SharedCircuitState?> ReadAsync(CircuitTarget target, CancellationToken cancellationToken)
    {
        Reads++;
        return Failure is not null ? Task.FromException<SharedCircuitState?>(Failure) : Task.FromResult(StateOf(target));
    }

    public void Apply(CircuitTarget target, CircuitTell news, DateTimeOffset now)
    {
        var id = EntityReferences.CircuitBreaker(target.Key);
        var outcome = entity.Apply("tell", entity.ReadState(states.GetValueOrDefault(id), json), DurableJson.Parse(DurableJson.Write(news, json)), new EntityContext(id, now), json);
        states[id] = entity.WriteState(outcome.State, json);
    }

    public SharedCircuitState? StateOf(CircuitTarget target) => states.TryGetValue(EntityReferences.CircuitBreaker(target.Key), out var state) ? DurableJson.Read<SharedCircuitState>(state, json) : null;

    /// <summary>All is forgotten, as in a new task hub.</summary>
    public void Clear() => states.Clear();
}
