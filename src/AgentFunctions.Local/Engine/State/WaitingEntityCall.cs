using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Engine.State;

/// <summary>A run's call of an entity that has not been applied yet.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Entity">The entity.</param>
internal sealed record WaitingEntityCall(int CallId, EntityId Entity)
{
    /// <summary>What the run signalled to the same entity after the call: applied with it, so that the entity sees the order of the code.</summary>
    public List<EntitySignalled> Then { get; } = [];
}
