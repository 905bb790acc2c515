using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>SearchFusion in worlds where everything goes wrong: what it finds, and in which order, equals a world without faults.</summary>
public sealed class SearchFusionSimulationTests
{
    private const int Seeds = 200;

    [Fact]
    public void SearchFusion_FaultsBySeed_EqualsTheFaultFreeRun()
    {
        var texts = Enumerable.Range(1, 6).Select(i => new { id = $"d{i}", text = string.Join(' ', Enumerable.Range(1, 20).Select(word => $"word{word * i % 17} keeper{i % 3}")) }).ToList();
        var input = JsonSerializer.SerializeToElement(new
        {
            query = "word4 word8 keeper1. What of word15 and keeper2?",
            decompose = new { max = 3, timeout = "01:00:00" },
            rerank = new { candidates = 4, timeout = "01:00:00" },
            maxAttempts = 10,
            sources = new object[]
            {
                new { key = "words", kind = "Documents", timeout = "01:00:00", documents = new { items = texts } },
                new { key = "spelling", kind = "Documents", timeout = "01:00:00", weight = 0.5, documents = new { items = texts, ranking = "Embeddings", model = "hashed-ngrams" } },
                new { key = "tool", kind = "Tool", timeout = "01:00:00", tool = new { tool = "echo", arguments = new { value = new object[] { new { id = "d3" }, new { id = "d9", title = "{query}" } } }, result = new { } } },
                new { key = "missing", kind = "Configured", name = "nope", timeout = "01:00:00" },
            },
        });
        var came = SimulatedPattern.EqualsTheFaultFreeRun("SearchFusion", input, Seeds, Found);
        Assert.Contains("d9", came, StringComparison.Ordinal);
    }

    private static string Found(JsonElement output) =>
        $"{output.GetProperty("hits")} {output.GetProperty("queries")} {output.GetProperty("notices")} "
        + string.Join("; ", output.GetProperty("sources").EnumerateArray().Select(source => $"{source.GetProperty("key")} {source.GetProperty("status")} {source.GetProperty("answered")}"));
}
