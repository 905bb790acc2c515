using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>Asked to stop, a host stops soon and keeps what is not finished.</summary>
public sealed class SignalTests
{
    private const int Calls = 28;
    private const int Parallel = 2;

    /// <summary>A drain takes no longer than this; the rest is for a busy machine.</summary>
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(10);

    private static readonly CrashRun run = CrashWork.Calls(Calls, milliseconds: 250, parallel: Parallel);

    [Fact]
    public async Task Run_Interrupted_PrintsTheCommandThatFinishesIt()
    {
        using var folder = new DataFolder();
        await using var interrupted = folder.Start("run", "ToolFanOut", "--input", folder.Write("input.json", run.Input));
        await interrupted.Out.LineAsync(line => line.Contains(" steps done", StringComparison.Ordinal)).WaitAsync(TimeSpan.FromSeconds(90));

        await interrupted.SignalAsync("INT");

        Assert.Equal(130, await interrupted.ExitAsync());
        var command = (await interrupted.Error.LineAsync(line => line.Contains(" run --resume ", StringComparison.Ordinal))).Trim();
        await using var resumed = HostProcess.StartShell($"{command} --json", folder.Environment);
        Assert.True(await resumed.ExitAsync() == 0, resumed.ToString());
        Assert.Equal(await run.FaultFreeAsync(), CrashWork.Timeless(JsonElement.Parse(resumed.Out.ToString())));

        // Only what was at work when it was interrupted may have happened twice.
        var effects = folder.Effects();
        Assert.Equal(Calls, effects.Count);
        Assert.InRange(effects.Values.Sum(), Calls, Calls + Parallel);
    }

    [Fact]
    public async Task Serve_Terminated_Exits0SoonAndTheNextStartContinues()
    {
        using var folder = new DataFolder();
        string id;
        await using (var host = folder.Serve())
        {
            var client = await host.ListeningAsync();
            id = await client.StartAsync(run.Orchestrator, run.Input, "key");

            // One who follows and one who waits must not hold the host up.
            using var follower = await client.Http.GetAsync($"/api/runs/{id}/stream", HttpCompletionOption.ResponseHeadersRead);
            var following = new ServerEvents(follower);
            await following.ReadAsync(count: 4);
            using var waiter = new HttpRequestMessage(HttpMethod.Post, "/api/runs/ToolFanOut?wait=60s") { Content = new StringContent(run.Input, System.Text.Encoding.UTF8, "application/json") };
            waiter.Headers.Add("Idempotency-Key", "key");
            var waiting = client.Http.SendAsync(waiter);
            await host.Error.LineAsync(line => line.Contains($"Started run {id} of ToolFanOut (created: False)", StringComparison.Ordinal)).WaitAsync(TimeSpan.FromSeconds(90));
            var began = Stopwatch.GetTimestamp();

            await host.SignalAsync("TERM");

            Assert.True(await host.ExitAsync() == 0, host.ToString());
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, soon);
            Assert.DoesNotContain("ended", (await following.ReadToEndAsync()).Select(e => e.Kind));
            using var told = await waiting;
            Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
        }

        await using var next = folder.Serve();
        var after = await next.ListeningAsync();
        var state = await after.FinishAsync(run.Orchestrator, run.Input, "key");
        Assert.Equal(id, state.GetProperty("instanceId").GetString());
        Assert.Equal(await run.FaultFreeAsync(), CrashWork.Timeless(state.GetProperty("output")));
        Assert.InRange(folder.Effects().Values.Sum(), Calls, Calls + Parallel);
    }
}
