using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Speculation;

namespace AgentFunctions.Core.Entities.Habits;

/// <summary>What an agent used to do next, by the agent's name: learned from all its runs, bounded as <see cref="HabitLearning"/> bounds it.</summary>
public sealed class ToolHabitsEntity : Entity<ToolHabits>
{
    /// <summary>The registered name.</summary>
    public const string Name = "toolhabits";

    /// <summary>Makes the entity.</summary>
    public ToolHabitsEntity()
    {
        On(Get, (state, _, _) => (state, state));
        On(Learn, (state, seen, _) => Count(seen.Aggregate(state, HabitLearning.Learn)));
    }

    /// <summary>Answers what is known. The input is not looked at.</summary>
    public static EntityOperation<int, ToolHabits> Get { get; } = new("get");

    /// <summary>Counts what a run has seen, and answers how many situations are known.</summary>
    public static EntityOperation<IReadOnlyList<TurnObservation>, int> Learn { get; } = new("learn");

    /// <inheritdoc/>
    protected override ToolHabits InitialState => ToolHabits.None;

    private static (ToolHabits State, int Answer) Count(ToolHabits habits) => (habits, habits.Situations.Count);
}
