namespace AgentFunctions.Core.Policies.Speculation;

/// <summary>
/// What an agent used to do next, by what it had done last: how often each situation was seen, and how often each call followed it. It is bounded (see <see cref="HabitLearning"/>),
/// so it can be an entity's state and cross history.
/// </summary>
public sealed record ToolHabits
{
    /// <summary>Nothing is known.</summary>
    public static ToolHabits None { get; } = new();

    /// <summary>The situations, the one seen last first.</summary>
    public IReadOnlyList<HabitSituation> Situations { get; init; } = [];
}

/// <summary>A situation: what the agent had done last.</summary>
/// <param name="Key">Its name: see <see cref="TurnSituation"/>.</param>
/// <param name="Seen">How often it was seen; older times count for less.</param>
/// <param name="Calls">What followed, the most frequent first.</param>
public sealed record HabitSituation(string Key, int Seen, IReadOnlyList<HabitCall> Calls);

/// <summary>A call that followed a situation.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Where its arguments come from: see <see cref="CallTemplates"/>.</param>
/// <param name="Hits">How often it followed, at most once for each time the situation was seen.</param>
public sealed record HabitCall(string Tool, string Arguments, int Hits);

/// <summary>What an agent did in one turn.</summary>
/// <param name="Situations">The names of the situation it was in, the general one first.</param>
/// <param name="Calls">The calls that it made; none where it answered.</param>
public sealed record TurnObservation(IReadOnlyList<string> Situations, IReadOnlyList<ObservedCall> Calls);

/// <summary>A call that an agent made.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">All templates that give its arguments in its situation.</param>
public sealed record ObservedCall(string Tool, IReadOnlyList<string> Arguments);

/// <summary>A call that is expected.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Confidence">How sure that is, above 0 and below 1.</param>
public sealed record PredictedCall(string Tool, System.Text.Json.JsonElement Arguments, double Confidence);
