using System.Text.Json;

namespace AgentFunctions.Core.Policies.Speculation;

/// <summary>
/// Learns habits by counting. Pure. At most 32 situations of 8 calls each, and 64 calls in all, are kept: the situations seen last, the calls made most often.
/// After 64 sightings of a situation its counts are halved, so that what an agent does now outweighs what it did long ago.
/// </summary>
public static class HabitLearning
{
    internal const int MostSituations = 32;
    internal const int MostCallsEach = 8;
    internal const int MostCalls = 64;
    internal const int MostSeen = 64;

    /// <summary>What is seen when an agent makes these calls in this situation.</summary>
    /// <param name="situation">The situation.</param>
    /// <param name="calls">The calls: tool and arguments, a JSON object each. None where it answered.</param>
    public static TurnObservation Observe(TurnSituation situation, IEnumerable<(string Tool, JsonElement Arguments)> calls)
    {
        ArgumentNullException.ThrowIfNull(situation);
        ArgumentNullException.ThrowIfNull(calls);
        return new([.. new[] { situation.General, situation.Special }.Distinct(StringComparer.Ordinal).Where(name => name.Length <= TurnSituation.LongestName)],
            [.. calls.Select(call => new ObservedCall(call.Tool, CallTemplates.Explain(situation, call.Arguments))).Where(call => call.Arguments.Count > 0).Take(MostCallsEach)]);
    }

    /// <summary>Counts an observation.</summary>
    /// <param name="habits">What is known.</param>
    /// <param name="observation">What was seen.</param>
    public static ToolHabits Learn(ToolHabits habits, TurnObservation observation)
    {
        ArgumentNullException.ThrowIfNull(habits);
        ArgumentNullException.ThrowIfNull(observation);
        var situations = habits.Situations.ToList();
        foreach (var name in observation.Situations)
        {
            var known = situations.Find(situation => string.Equals(situation.Key, name, StringComparison.Ordinal)) ?? new HabitSituation(name, 0, []);
            situations.Remove(known);
            situations.Insert(0, Count(known, observation.Calls));
        }

        return new ToolHabits { Situations = Bounded(situations) };
    }

    private static HabitSituation Count(HabitSituation situation, IReadOnlyList<ObservedCall> made)
    {
        var calls = situation.Calls.ToList();
        foreach (var (tool, arguments) in made.SelectMany(call => call.Arguments.Select(arguments => (call.Tool, arguments))).Distinct())
        {
            var at = calls.FindIndex(call => string.Equals(call.Tool, tool, StringComparison.Ordinal) && string.Equals(call.Arguments, arguments, StringComparison.Ordinal));
            var hits = at < 0 ? 0 : calls[at].Hits;
            if (at >= 0) calls.RemoveAt(at);

            // In front: among equals the one made last is kept.
            calls.Insert(0, new HabitCall(tool, arguments, hits + 1));
        }

        var seen = situation.Seen + 1;
        if (seen > MostSeen)
        {
            // Rounded so that no call becomes surer than it was.
            seen = (seen + 1) / 2;
            calls = [.. calls.Select(call => call with { Hits = call.Hits / 2 }).Where(call => call.Hits > 0)];
        }

        return new(situation.Key, seen, [.. calls.OrderByDescending(call => call.Hits).Take(MostCallsEach)]);
    }

    private static List<HabitSituation> Bounded(List<HabitSituation> situations)
    {
        var room = MostCalls;
        List<HabitSituation> kept = [];
        foreach (var situation in situations.Take(MostSituations))
        {
            room -= situation.Calls.Count;
            if (room < 0) break;
            kept.Add(situation);
        }

        return kept;
    }
}
