using System.Net;
using AgentFunctions.Core;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A disk that takes no more: the host stops and says so, and what it acknowledged is there when there is room again.</summary>
public sealed class FullDiskTests
{
    // Each run is a few times this in the journal.
    private const int ValueCharacters = 20_000;
    private const int MoreThanFit = 500;

    [Fact]
    public async Task Serve_FullDisk_StopsWithAClearErrorAndLosesNothingAcknowledged()
    {
        using var disk = SmallDisk.Smallest();
        await FillAndRecoverAsync(disk);
    }

    [Fact]
    public async Task Serve_FileAtItsSizeLimit_StopsWithAClearErrorAndLosesNothingAcknowledged()
    {
        using var disk = new SmallDisk.FileLimit();
        await FillAndRecoverAsync(disk);
    }

    [Fact]
    public async Task Health_JournalThatCanNotBeWritten_Says503WithTheFault()
    {
        using var folder = new DataFolder();
        var hosts = new LocalHostFactory(AgentFunctionsCatalog.Create());
        var options = new LocalHostOptions { DataDirectory = folder.Path, Urls = "http://127.0.0.1:0", MinimumLogLevel = Microsoft.Extensions.Logging.LogLevel.None };
        await using var host = await hosts.StartAsync(options, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.Address };
        var client = new HostClient(http);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "/api/health")).Status);

        // Where the first segment is to be made there is something else.
        Directory.CreateDirectory(Path.Combine(folder.Journal, "segment-0000000001.journal"));
        var start = await client.SendAsync(HttpMethod.Post, "/api/runs/ToolFanOut", Body("x"));
        await Assert.ThrowsAnyAsync<Exception>(() => host.Completion);

        var health = await client.SendAsync(HttpMethod.Get, "/api/health");
        var read = await client.SendAsync(HttpMethod.Get, "/api/runs");
        Assert.All([start, health, read], answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.EndsWith("#unhealthy", answer.Body.GetProperty("type").GetString(), StringComparison.Ordinal);
            Assert.Contains("segment-0000000001.journal", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        });
    }

    private static async Task FillAndRecoverAsync(SmallDisk disk)
    {
        var acknowledged = new List<string>();
        await using (var host = disk.Serve())
        {
            var client = await host.ListeningAsync();
            try
            {
                while (acknowledged.Count < MoreThanFit)
                {
                    acknowledged.Add(await client.StartAsync("ToolFanOut", Body(Value(acknowledged.Count)), Key(acknowledged.Count)));
                }
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or HttpRequestException)
            {
                // Not a 202, or no answer any more: this one was not acknowledged.
            }

            Assert.Equal(1, await host.ExitAsync());
            Assert.InRange(acknowledged.Count, 1, MoreThanFit - 1);
            var error = host.Error.ToString().TrimEnd().Split('\n')[^1];
            Assert.StartsWith("error: ", error, StringComparison.Ordinal);
            Assert.Matches(@"segment-\d{10}\.journal at offset \d+ failed", error);
            Assert.Contains(disk.Advice, error, StringComparison.Ordinal);
        }

        disk.Widen();
        await using var again = disk.Serve();
        var after = await again.ListeningAsync();
        for (var i = 0; i < acknowledged.Count; i++)
        {
            await after.GetAsync($"/api/runs/{acknowledged[i]}");
            var state = await after.FinishAsync("ToolFanOut", Body(Value(i)), Key(i));
            Assert.Equal(acknowledged[i], state.GetProperty("instanceId").GetString());
            Assert.Equal(Value(i), state.GetProperty("output").GetProperty("branches")[0].GetProperty("value").GetString());
        }
    }

    private static string Key(int number) => $"fill-{number}";

    private static string Value(int number) => number + new string('x', ValueCharacters);

    private static string Body(string value) => $$$"""{"calls":[{"key":"a","tool":"echo","arguments":{"value":"{{{value}}}"}}]}""";
}
