using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Pipelines in worlds where everything goes wrong: their items come to what they come to in a world without faults.</summary>
public sealed class PipelineSimulationTests
{
    private const int Seeds = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pipeline_FaultsBySeed_EqualsTheFaultFreeRun(bool ordered)
    {
        var input = JsonSerializer.SerializeToElement(new
        {
            items = Enumerable.Range(1, 12).Select(i => new { key = $"i{i}", value = i % 5 == 0 ? $"{i} *" : $"{i} * {i}" }),
            stages = new object[]
            {
                new { key = "calculate", tool = "calculate", arguments = new Dictionary<string, object> { ["expression"] = Item }, maxParallel = 3, timeout = "10:00:00", maxAttempts = 5 },
                new { key = "wrap", tool = "echo", arguments = new Dictionary<string, object> { ["value"] = new { made = Item } }, maxParallel = 2, buffer = 2, timeout = "10:00:00", maxAttempts = 5 },
                new { key = "keep", tool = "echo", arguments = new Dictionary<string, object> { ["value"] = Item }, maxParallel = 4, buffer = 1, timeout = "10:00:00", maxAttempts = 5 },
            },
            ordered,
        });
        var came = SimulatedPattern.EqualsTheFaultFreeRun("Pipeline", input, Seeds, Told);
        Assert.Contains("i5 Failed", came, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Item => new(StringComparer.Ordinal) { ["$value"] = "item" };

    private static string Told(JsonElement output) =>
        string.Join("; ", output.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("key")} {item.GetProperty("status")} {(item.TryGetProperty("value", out var value) ? value : default)}"));
}
