using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.ToolFanOut;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>Many tool calls at once, on every host.</summary>
public abstract class ToolFanOutConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task ToolFanOut_Example_AnswersEveryCall()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.ToolFanOut, "tool-fan-out.json");

        Assert.True(result.Complete);
        Assert.Equal(["hello", """{"rows":3}""", "20"], result.Branches.Select(branch => branch.Value.ToString()));
    }

    [Fact]
    public async Task ToolFanOut_AToolThatIsNotThere_FailsItsBranchOnly()
    {
        await PatternHostAsync();

        var result = await ResultAsync(OrchestratorReferences.ToolFanOut, new ToolFanOutInput
        {
            Calls = [new ToolFanOutCall { Key = "good", Tool = "calculate", Arguments = JsonElement.Parse("""{"expression":"6 * 7"}""") }, new ToolFanOutCall { Key = "bad", Tool = "no-such-tool" }],
        });

        Assert.False(result.Complete);
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Failed], result.Branches.Select(branch => branch.Status));
        Assert.Contains("no-such-tool", result.Branches[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolFanOut_WithARate_ReservesTheStartsOfItsCallsAndAnswersAll()
    {
        await PatternHostAsync();

        var result = await ResultAsync(OrchestratorReferences.ToolFanOut, new ToolFanOutInput
        {
            Calls = [.. Enumerable.Range(0, 8).Select(i => new ToolFanOutCall { Tool = "calculate", Arguments = JsonElement.Parse($$"""{"expression":"6 * {{i}}"}""") })],
            Rate = new CallRate { Name = "calculator", PerMinute = 60 },
        });

        Assert.True(result.Complete);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (6 * i).ToString(System.Globalization.CultureInfo.InvariantCulture)), result.Branches.Select(branch => branch.Value.ToString()));
    }
}
