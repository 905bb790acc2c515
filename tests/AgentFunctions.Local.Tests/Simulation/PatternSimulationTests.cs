using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>The orchestrators that users run, in worlds where everything goes wrong: their results equal those of a world without faults.</summary>
public sealed class PatternSimulationTests
{
    private const int Seeds = 200;
    private static readonly string[] Paragraphs =
    [
        "The tower was begun in 1821. Eleven ships had been lost there in one winter. Stone was cut on the mainland.",
        "Three keepers lived in the tower. Two were on watch by turns. The oil was carried up one hundred and forty steps.",
        "The lamp burned rape oil until 1868. From 1931 it was electric. The last keepers left in 1984.",
    ];

    [Fact]
    public void ToolFanOut_FaultsBySeed_EqualsTheFaultFreeRun() =>
        SimulatedPattern.EqualsTheFaultFreeRun("ToolFanOut", JsonSerializer.SerializeToElement(new
        {
            calls = Enumerable.Range(1, 12).Select(i => new { key = $"call-{i}", tool = i % 2 == 0 ? "echo" : "calculate", arguments = i % 2 == 0 ? (object)new { value = i } : new { expression = $"{i} * {i}" } }),
            branchTimeout = "01:00:00",
            quorum = "all",
            critical = new[] { "call-3" },
            maxParallel = 5,
        }), Seeds, WithoutTimes);

    [Fact]
    public void MapReduce_FaultsBySeed_EqualsTheFaultFreeRun() =>
        SimulatedPattern.EqualsTheFaultFreeRun("MapReduce", JsonSerializer.SerializeToElement(new
        {
            task = "Summarise how the lighthouse was built and kept.",
            documents = Enumerable.Range(1, 4).Select(i => new { id = $"d{i}", text = string.Join("\n\n", Paragraphs.Select(p => $"{p} This is document {i}.")) }),
            chunkTokens = 50,
            groupSize = 3,
        }), Seeds, output => output.GetRawText());

    [Fact]
    public void SpeculativeRace_FaultsBySeed_HasOneWinnerAndAccountsForAll()
    {
        var input = JsonSerializer.SerializeToElement(new
        {
            prompt = "Which road is shorter? The coast road is forty-one kilometres long. The pass is twenty-eight kilometres long.",
            paths = new[] { new { key = "small", model = "fast", startAfter = "00:00:00" }, new { key = "full", model = "capable", startAfter = "00:00:00.020" } },
        });
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var (output, _) = SimulatedPattern.Live(seed, "SpeculativeRace", input, WorldFaults.Draw(new Random(seed)) with { FailingActivity = 0 });
            var paths = output.GetProperty("paths").EnumerateArray().ToList();
            Assert.True(paths.Count == 2, $"Seed {seed}: {output}");
            Assert.True(paths.Count(p => p.GetProperty("status").GetString() == "Succeeded") == 1, $"Seed {seed}: {output}");
            Assert.True(output.GetProperty("answer").GetString()!.Contains("kilometres", StringComparison.Ordinal), $"Seed {seed}: {output}");
        }
    }

    private static string WithoutTimes(JsonElement output) =>
        string.Join("; ", output.GetProperty("branches").EnumerateArray().Select(b => $"{b.GetProperty("key")} {b.GetProperty("status")} {b.GetProperty("value")}"));
}
