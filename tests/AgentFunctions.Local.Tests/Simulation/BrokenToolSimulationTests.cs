using System.Text.Json;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Fan-outs over a tool that is broken, in worlds where everything else goes wrong too.</summary>
public sealed class BrokenToolSimulationTests
{
    [Fact]
    public void ToolFanOut_ABrokenToolAndFaultsBySeed_IsSkippedInEachWorld()
    {
        var input = JsonSerializer.SerializeToElement(new
        {
            calls = Enumerable.Range(1, 8).Select(i => new { key = $"call-{i}", tool = i % 4 == 0 ? "broken" : "echo", arguments = i % 4 == 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { ["value"] = i } }),
            branchTimeout = "01:00:00",
            maxParallel = 3,
            maxAttempts = 10,
        });

        var came = SimulatedPattern.EqualsTheFaultFreeRun("ToolFanOut", 100, leastRestarts: null, (seed, faults) =>
        {
            var (output, world) = SimulatedPattern.Live(seed, "ToolFanOut", input, faults, services => services
                .Configure<ResilienceOptions>(options => options.Tools.BreakDuration = options.Tools.LongestBreak = TimeSpan.FromHours(1))
                .AddTool(AIFunctionFactory.Create(Break, new AIFunctionFactoryOptions { Name = "broken", AdditionalProperties = new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = ToolEffect.ReadOnly } })));
            return (string.Join("; ", output.GetProperty("branches").EnumerateArray().Select(branch => $"{branch.GetProperty("key")} {branch.GetProperty("status")} {(branch.TryGetProperty("error", out var error) ? error.GetProperty("type") : default)}")), world);
        });

        Assert.Contains("call-4 Skipped CircuitOpenException", came, StringComparison.Ordinal);
        Assert.Contains("call-8 Skipped CircuitOpenException", came, StringComparison.Ordinal);
        Assert.Contains("call-1 Succeeded", came, StringComparison.Ordinal);
    }

    private static string Break() => throw new IOException("The line is dead.");
}
