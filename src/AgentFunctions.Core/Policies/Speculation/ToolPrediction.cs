using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Policies.Speculation;

/// <summary>Predicts an agent's next calls from its habits, while its model still thinks. Pure.</summary>
public static class ToolPrediction
{
    /// <summary>Predictions above this confidence are acted upon, unless told otherwise: 0.80, which takes three sightings without exception.</summary>
    public const double DefaultThreshold = 0.80;

    private const int MostPredictions = 8;

    // From as many sightings on, what is known of the special situation counts and the general one no longer does.
    private const int Enough = 3;

    /// <summary>
    /// How sure it is that a call follows: the rule of succession, (hits + 1) / (seen + 2), the mean of a binomial probability after that evidence with a uniform prior
    /// (Laplace, "Essai philosophique sur les probabilités", 1814).
    /// </summary>
    /// <param name="hits">How often the call followed.</param>
    /// <param name="seen">How often it could have.</param>
    public static double Confidence(int hits, int seen) => (hits + 1.0) / (seen + 2.0);

    /// <summary>The calls that are expected, the surest first; at most eight.</summary>
    /// <param name="habits">What is known.</param>
    /// <param name="situation">Where the agent is.</param>
    /// <param name="threshold">The least confidence, above 0 and up to 1.</param>
    public static IReadOnlyList<PredictedCall> Predict(ToolHabits habits, TurnSituation situation, double threshold)
    {
        ArgumentNullException.ThrowIfNull(habits);
        ArgumentNullException.ThrowIfNull(situation);
        var known = Find(habits, situation.Special) is { Seen: >= Enough } special ? special : Find(habits, situation.General);
        if (known is null) return [];
        return [.. known.Calls
            .Select(call => (call.Tool, Confidence: Confidence(call.Hits, known.Seen), call.Arguments))
            .Where(call => call.Confidence >= threshold)
            .OrderByDescending(call => call.Confidence).ThenBy(call => call.Tool, StringComparer.Ordinal).ThenBy(call => call.Arguments, StringComparer.Ordinal)
            .Select(call => (call.Tool, call.Confidence, Arguments: CallTemplates.Apply(situation, call.Arguments)))
            .Where(call => call.Arguments is not null)
            .Select(call => new PredictedCall(call.Tool, call.Arguments!.Value, call.Confidence))
            .DistinctBy(call => (call.Tool, CanonicalJson.Write(call.Arguments)))
            .Take(MostPredictions)];
    }

    private static HabitSituation? Find(ToolHabits habits, string name) => habits.Situations.FirstOrDefault(situation => string.Equals(situation.Key, name, StringComparison.Ordinal));
}
