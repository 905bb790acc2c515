using System.Net;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class FollowRunTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Stream_LiveRun_TellsWhatHappenedAndHappensUntilTheEnd()
    {
        var id = await host.StartRunAsync();
        using var follower = await Follower.OpenAsync(host, id);
        Assert.Equal("retry: 2000", await follower.BlockAsync());
        Assert.Equal("id: 1\nevent: started\ndata: {}", await follower.BlockAsync());

        host.Runs.Tell(id, "step", "{\n  \"name\": \"CallTool\"\n}");
        Assert.Equal("""id: 2|event: step|data: {"name":"CallTool"}""", (await follower.BlockAsync())!.ReplaceLineEndings("|"));

        host.Runs.End(id, RuntimeStatus.Completed);
        Assert.StartsWith("id: 3\nevent: ended\ndata: {", await follower.BlockAsync(), StringComparison.Ordinal);
        Assert.Null(await follower.BlockAsync());
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("?lastEventId=1", null)]
    [InlineData("?lastEventId=0", "1")]
    public async Task Stream_LastEventId_ResumesAfterIt(string query, string? header)
    {
        var id = await host.StartRunAsync();
        host.Runs.Tell(id, "step", "1");
        using var follower = await Follower.OpenAsync(host, id, query, header);
        await follower.BlockAsync();

        Assert.StartsWith("id: 2\n", await follower.BlockAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_NothingHappens_SendsAComment()
    {
        var id = await host.StartRunAsync();
        using var follower = await Follower.OpenAsync(host, id);
        await follower.BlockAsync();
        await follower.BlockAsync();

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(15), await host.Time.NextTimerAsync());
            host.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(": keep-alive", await follower.BlockAsync());
        }

        host.Runs.Tell(id, "status", "1");
        Assert.StartsWith("id: 2\nevent: status", await follower.BlockAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_EndedRunSeenToItsEnd_TellsBrowsersNotToConnectAgain()
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Completed);

        Assert.Equal(HttpStatusCode.NoContent, (await host.GetAsync($"/api/runs/{id}/stream", ("Last-Event-ID", "2"))).Status);
    }

    [Fact]
    public async Task Stream_EndedRun_IsToldFromTheBeginning()
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Completed);
        var text = await host.Client.GetStringAsync($"/api/runs/{id}/stream");

        Assert.Contains("id: 1\nevent: started", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_HostDrains_EndsSoThatTheHostCanStop()
    {
        using var follower = await Follower.OpenAsync(host, await host.StartRunAsync());
        await follower.BlockAsync();
        await follower.BlockAsync();
        await host.State.DrainAsync();

        Assert.Null(await follower.BlockAsync());
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task Stream_EngineBreaks_EndsWithAnErrorEventAndALogLine()
    {
        host.Runs.WatchFailure = new InvalidOperationException("secret: the engine broke");
        var text = await host.Client.GetStringAsync($"/api/runs/{await host.StartRunAsync()}/stream");

        Assert.Contains("event: error\ndata: {\"type\":\"docs/http-api.md#internal-error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("secret", Assert.Single(host.Log.Errors), StringComparison.Ordinal);
    }

    /// <summary>Reads an event stream block by block.</summary>
    private sealed class Follower(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public static async Task<Follower> OpenAsync(ApiHost host, string id, string query = "", string? header = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/stream{query}");
            if (header is not null)
            {
                request.Headers.Add("Last-Event-ID", header);
            }

            var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            Assert.True(response.Headers.CacheControl!.NoCache);
            return new Follower(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>The next block without its blank line, or null at the end of the stream.</summary>
        public async Task<string?> BlockAsync()
        {
            var lines = new List<string>();
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.Length == 0)
                {
                    return string.Join('\n', lines);
                }

                lines.Add(line);
            }

            return lines.Count == 0 ? null : string.Join('\n', lines);
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
