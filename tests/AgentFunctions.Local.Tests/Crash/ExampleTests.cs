using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>The inputs of docs/examples, through the host as people start it.</summary>
public sealed class ExampleTests
{
    private static readonly string folderOfExamples = Path.Combine(AppContext.BaseDirectory, "examples");

    private static readonly string[] examples = [.. Directory.EnumerateFiles(folderOfExamples, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names => new(examples);

    [Fact]
    public async Task Serve_EveryExampleOverHttp_Completes()
    {
        await using var host = HostProcess.Start(["serve", "--port", "0", "--in-memory"]);
        var client = await host.ListeningAsync();
        Assert.Equal((await client.GetAsync("/api/health")).GetProperty("orchestrators").GetArrayLength(), examples.Length);
        foreach (var name in examples)
        {
            var state = await client.FinishAsync(OrchestratorOf(name), await File.ReadAllTextAsync(PathOf(name)), name);
            AssertResult(name, state.GetProperty("output"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_Example_Completes(string name)
    {
        using var folder = new DataFolder();
        await using var host = folder.Start("run", OrchestratorOf(name), "--input", PathOf(name), "--json");

        Assert.True(await host.ExitAsync() == 0, host.ToString());
        AssertResult(name, JsonElement.Parse(host.Out.ToString()));
        Assert.Equal("", host.Error.ToString());
    }

    private static string PathOf(string name) => Path.Combine(folderOfExamples, name + ".json");

    private static string OrchestratorOf(string name) => string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static void AssertResult(string name, JsonElement output)
    {
        switch (name)
        {
            case "approval":
                Assert.Equal(("reject", "Expiry"), (output.GetProperty("decision").GetString(), output.GetProperty("by").GetString()));
                // On a busy machine a late reminder is left out, and a notification may still be under way at the expiry.
                var kinds = output.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("kind").GetString()).ToList();
                Assert.Equal("Request", kinds[0]);
                Assert.Single(kinds, "Escalation");
                break;
            case "task-graph":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal("2000", output.GetProperty("state").GetProperty("pay").GetProperty("paid").ToString());
                Assert.Equal("400", output.GetProperty("state").GetProperty("installments").GetProperty("state").GetProperty("left").ToString());
                break;
            case "agent-loop":
                Assert.Equal("Answered", output.GetProperty("reason").GetString());
                Assert.Equal("(17 + 4) * 2 = 42", output.GetProperty("answer").GetProperty("text").GetString());
                break;
            case "batch-job":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal(["harbour", "library", "tram"], output.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString()));
                Assert.NotEqual("", output.GetProperty("notice").GetString());
                break;
            case "map-reduce":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal(3, output.GetProperty("documents").GetInt32());
                Assert.NotEqual("", output.GetProperty("result").GetString());
                break;
            case "search-fusion":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal("food", output.GetProperty("hits")[0].GetProperty("id").GetString());
                break;
            case "speculative-race":
                Assert.Contains(output.GetProperty("winner").GetString(), (string[])["cache", "small", "full"]);
                break;
            case "tool-fan-out":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal("20", output.GetProperty("branches")[2].GetProperty("value").ToString());
                break;
            case "ensemble":
                Assert.Equal("crash", output.GetProperty("answer").GetString());
                break;
            case "saga":
                Assert.Equal("Compensated", output.GetProperty("outcome").GetString());
                break;
            case "pipeline":
                Assert.True(output.GetProperty("complete").GetBoolean());
                Assert.Equal(4, output.GetProperty("items").GetArrayLength());
                break;
            default:
                Assert.Fail($"The example '{name}' is new: say here what its result must have.");
                break;
        }
    }
}
