using System.Globalization;
using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>Where a test's chance comes from: <c>AGENTFUNCTIONS_SEED</c>, or a new seed each time. It is in the output of a test that fails.</summary>
internal static class CrashSeed
{
    public static Random Draw(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"The moments of the kills are drawn from AGENTFUNCTIONS_SEED={seed}.");
        return new Random(seed);
    }
}
