using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Entities.Habits;

namespace AgentFunctions.Core.Entities;

/// <summary>The entities, by kind. In Azure each has a function of the same name.</summary>
public static class EntityReferences
{
    /// <summary>An agent's conversation across runs: <see cref="SessionEntity"/>.</summary>
    /// <param name="id">The session's ID.</param>
    public static EntityId Session(string id) => new(SessionEntity.Name, id);

    /// <summary>What an agent used to do next: <see cref="ToolHabitsEntity"/>.</summary>
    /// <param name="agent">The agent's name.</param>
    public static EntityId ToolHabits(string agent) => new(ToolHabitsEntity.Name, agent);
}
