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
        var expected = Told(SimulatedPattern.Live(0, "Pipeline", input, WorldFaults.None, out _));
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = Told(SimulatedPattern.Live(seed, "Pipeline", input, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world));
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"the pipeline came to {came}, and without faults to {expected}.");
        }

        Assert.Contains("i5 Failed", expected, StringComparison.Ordinal);
        Assert.True(restarts > Seeds / 2 || !SimulatedPattern.IsManySeeds, $"Only {restarts} restarts: the worlds are too kind.");
    }

    private static Dictionary<string, string> Item => new(StringComparer.Ordinal) { ["$value"] = "item" };

    private static string Told(JsonElement output) =>
        string.Join("; ", output.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("key")} {item.GetProperty("status")} {(item.TryGetProperty("value", out var value) ? value : default)}"));
}
