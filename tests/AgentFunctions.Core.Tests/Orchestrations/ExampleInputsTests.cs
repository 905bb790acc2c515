using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Orchestrations;

public sealed class ExampleInputsTests
{
    [Theory]
    [InlineData("ToolFanOut", "tool-fan-out.json")]
    [InlineData("MapReduce", "map-reduce.json")]
    [InlineData("SpeculativeRace", "speculative-race.json")]
    [InlineData("AgentLoop", "agent-loop.json")]
    public async Task Validate_DocumentedExample_IsValid(string orchestrator, string file)
    {
        var world = new ScriptedWorld();
        await using var resource = typeof(ExampleInputsTests).Assembly.GetManifestResourceStream(file)!;
        using var bytes = new MemoryStream();
        await resource.CopyToAsync(bytes);
        Assert.Empty(world.Catalog.Orchestrator(orchestrator).Validate(DurableJson.Parse(bytes.ToArray()), world.Json).ByPath);
    }
}
