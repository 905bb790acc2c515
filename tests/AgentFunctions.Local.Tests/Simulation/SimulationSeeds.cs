using System.Globalization;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Which worlds to live: the one that AGENTFUNCTIONS_SEED names, or the first so many.</summary>
internal static class SimulationSeeds
{
    public static IEnumerable<int> OneOr(int count) =>
        Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Enumerable.Range(1, count);
}
