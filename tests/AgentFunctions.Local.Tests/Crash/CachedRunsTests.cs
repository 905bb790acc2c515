using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>The cache through the host as people start it, with its store on disk.</summary>
public sealed class CachedRunsTests
{
    private const string Reset = "How do I reset my password?";

    [Fact]
    public async Task Serve_TheSameQuestion_IsAnsweredFromMemoryThenFromTheStoreThenAnewOnceInvalidated()
    {
        using var folder = new DataFolder();
        string key;
        await using (var host = Serve("--data", folder.Path))
        {
            var client = await host.ListeningAsync();
            Assert.Equal("Succeeded", Status(await AskAsync(client, Reset)));
            var again = await AskAsync(client, Reset);
            Assert.Equal(("Cached", "Memory"), (Status(again), Note(again).GetProperty("source").GetString()));
            Assert.Equal(0, again.GetProperty("cost").GetProperty("inputTokens").GetInt32());
            Assert.Equal("Succeeded", Status(await AskAsync(client, Reset, tenant: "acme")));
            key = Note(again).GetProperty("key").GetString()!;
            await host.KillAsync();
        }

        await using var next = Serve("--data", folder.Path);
        var restarted = await next.ListeningAsync();
        var kept = await AskAsync(restarted, Reset);
        Assert.Equal(("Store", key), (Note(kept).GetProperty("source").GetString(), Note(kept).GetProperty("key").GetString()));

        Assert.Equal(HttpStatusCode.OK, (await restarted.SendAsync(HttpMethod.Delete, "/api/cache?tag=passwords")).Status);
        Assert.Equal("Succeeded", Status(await AskAsync(restarted, Reset)));
        Assert.Equal("Cached", Status(await AskAsync(restarted, Reset)));
    }

    [Fact]
    public async Task Serve_AQuestionOfTheSameMeaning_SaysWhoseAnswerItGotAndNeverAgainOnceCalledWrong()
    {
        const string Reworded = "how can I reset my password";
        await using var host = Serve("--in-memory");
        var client = await host.ListeningAsync();
        await AskAsync(client, Reset, semantic: true);

        Assert.Equal("Succeeded", Status(await AskAsync(client, "How do I set my password?", semantic: true)));
        var matched = Note(await AskAsync(client, Reworded, semantic: true));
        Assert.Equal(("Semantic", Reset), (matched.GetProperty("source").GetString(), matched.GetProperty("question").GetString()));
        Assert.InRange(matched.GetProperty("score").GetDouble(), 0.9, 1);

        var word = JsonSerializer.Serialize(new Dictionary<string, object> { ["key"] = matched.GetProperty("key").GetString()!, ["question"] = Reworded, ["matched"] = Reset, ["right"] = false });
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Post, "/api/cache/feedback", word)).Status);
        Assert.Equal("Succeeded", Status(await AskAsync(client, Reworded, semantic: true)));
        var counts = (await client.GetAsync("/api/cache")).GetProperty("kinds").GetProperty("response");
        Assert.Equal((1, 1), (counts.GetProperty("semanticHits").GetInt32(), counts.GetProperty("falseHits").GetInt32()));
    }

    private static HostProcess Serve(params IReadOnlyList<string> arguments) => HostProcess.StartProgram([.. HostProcess.Product, "serve", "--port", "0", .. arguments]);

    private static async Task<JsonElement> AskAsync(HostClient client, string question, bool semantic = false, string? tenant = null)
    {
        var input = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["prompt"] = question,
            ["paths"] = new object[] { new { key = "first", model = "fast" }, new { key = "second", model = "capable", startAfter = "00:01:00" } },
            ["cache"] = new { tags = new[] { "passwords" }, semantic },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs/SpeculativeRace?wait=60s") { Content = new StringContent(input, Encoding.UTF8, "application/json") };
        if (tenant is not null) request.Headers.Add("X-Tenant", tenant);
        using var response = await client.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text).GetProperty("output");
    }

    private static string? Status(JsonElement output) => output.GetProperty("paths")[0].GetProperty("status").GetString();

    private static JsonElement Note(JsonElement output) => output.GetProperty("cache");
}
