using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A race of models, on every host.</summary>
public abstract class SpeculativeRaceConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task SpeculativeRace_Example_HasAWinner()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.SpeculativeRace, "speculative-race.json");

        Assert.Contains(result.Winner, (string[])["cache", "small", "full"]);
    }
}
