using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A task over documents, on every host.</summary>
public abstract class MapReduceConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task MapReduce_Example_CoversEveryDocument()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.MapReduce, "map-reduce.json");

        Assert.True(result.Complete);
        Assert.Equal(3, result.Documents);
    }
}
