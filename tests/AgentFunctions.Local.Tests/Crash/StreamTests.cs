using System.Net;
using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Crash;

public sealed class StreamTests(ITestOutputHelper output)
{
    private const int Kills = 3;

    [Fact]
    public async Task Stream_FollowedAcrossKills_LosesNothingAndRepeatsNothing()
    {
        var random = CrashSeed.Draw(output);
        using var folder = new DataFolder();
        var run = CrashWork.Calls(24, milliseconds: 200, parallel: 2);
        var seen = new List<ServerEvent>();
        var kills = 0;
        while (kills < Kills && !HasEnded(seen))
        {
            await using var host = folder.Serve();
            var client = await host.ListeningAsync();
            using var response = await FollowAsync(client, await client.StartAsync(run.Orchestrator, run.Input, "key"), seen);
            var following = new ServerEvents(response);
            seen.AddRange(await following.ReadAsync(random.Next(1, 12)));
            await host.KillAsync();
            seen.AddRange(await following.ReadToEndAsync());
            kills += HasEnded(seen) ? 0 : 1;
        }

        // On a busy machine the run may end before its third kill, but it can't before the first.
        Assert.InRange(kills, 1, Kills);

        await using var last = folder.Serve();
        var after = await last.ListeningAsync();
        var id = await after.StartAsync(run.Orchestrator, run.Input, "key");
        if (!HasEnded(seen))
        {
            using var rest = await FollowAsync(after, id, seen);
            seen.AddRange(await new ServerEvents(rest).ReadToEndAsync());
        }

        using var whole = await FollowAsync(after, id, []);
        var all = await new ServerEvents(whole).ReadToEndAsync();
        Assert.Equal("ended", all[^1].Kind);
        Assert.Equal(all.Select(e => (e.Id, e.Kind)), seen.Select(e => (e.Id, e.Kind)));
        // What the run was like when it started is told as it is when it is told; the rest is history.
        Assert.Equal(all.Where(e => e.Kind is "step" or "toolResult" or "status" or "ended"), seen.Where(e => e.Kind is "step" or "toolResult" or "status" or "ended"));

        using var nothing = await FollowAsync(after, id, seen);
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
    }

    private static bool HasEnded(List<ServerEvent> seen) => seen is [.., { Kind: "ended" }];

    private static async Task<HttpResponseMessage> FollowAsync(HostClient client, string id, IReadOnlyList<ServerEvent> seen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/stream");
        if (seen.Count > 0)
        {
            request.Headers.Add("Last-Event-ID", seen[^1].Id);
        }

        return await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
