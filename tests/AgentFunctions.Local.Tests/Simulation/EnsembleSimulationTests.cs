using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Ensembles in worlds where everything goes wrong: they come to the answer of a world without faults.</summary>
public sealed class EnsembleSimulationTests
{
    private const int Seeds = 100;

    [Theory]
    [InlineData("Vote")]
    [InlineData("Judge")]
    public void Ensemble_FaultsBySeed_ComesToTheSameAnswer(string method)
    {
        var members = new[] { ("a", "Which ships were lost?"), ("b", "Who carried the oil?"), ("c", "Which ships were lost?") };
        var input = JsonSerializer.SerializeToElement(new
        {
            prompt = "Eleven ships were lost there in one winter. The oil was carried up by three keepers. Stone was cut on the mainland. The lamp burned until 1868.",
            members = members.Select(member => new { key = member.Item1, model = "fast", instructions = member.Item2 }),
            method,
            maxOutputTokens = 20,
            memberTimeout = "10:00:00",
            maxAttempts = 5,
        });
        SimulatedPattern.EqualsTheFaultFreeRun("Ensemble", input, Seeds, Told, leastRestarts: Seeds / 4);
    }

    private static string Told(JsonElement output) =>
        $"{output.GetProperty("winner")} {output.GetProperty("decidedBy")} {output.GetProperty("answer")} {output.GetProperty("agreement")} {(output.TryGetProperty("judge", out var judge) ? judge.GetProperty("shown") : default)}";
}
