using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.ToolFanOut;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task ToolFanOut_ABrokenTool_IsSkippedAtOnceAndSaysWhy()
    {
        await PatternHostAsync(services => services
            .Configure<ResilienceOptions>(options => options.Tools.BreakDuration = options.Tools.LongestBreak = TimeSpan.FromHours(1))
            .AddTool(AIFunctionFactory.Create(Break, new AIFunctionFactoryOptions { Name = "broken", AdditionalProperties = new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = ToolEffect.ReadOnly } })));

        var result = await ResultAsync(OrchestratorReferences.ToolFanOut, new ToolFanOutInput
        {
            Calls = [.. Enumerable.Range(0, 7).Select(i => new ToolFanOutCall { Key = $"broken-{i}", Tool = "broken" }), new ToolFanOutCall { Key = "good", Tool = "calculate", Arguments = JsonElement.Parse("""{"expression":"6 * 7"}""") }],
            MaxParallel = 1,
            MaxAttempts = 1,
        });

        Assert.False(result.Complete);
        Assert.Equal(BranchStatus.Failed, result.Branches[0].Status);
        Assert.Equal(BranchStatus.Succeeded, result.Branches[^1].Status);
        var skipped = result.Branches[6];
        Assert.Equal((BranchStatus.Skipped, nameof(CircuitOpenException)), (skipped.Status, skipped.Error!.Type));
        Assert.StartsWith("The tool 'broken' has been broken since ", skipped.Error.Message, StringComparison.Ordinal);
        Assert.InRange(skipped.Error.RetryAfter!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    private static string Break() => throw new IOException("The line is dead.");

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
