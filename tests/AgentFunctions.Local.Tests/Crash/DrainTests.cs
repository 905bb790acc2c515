using System.Globalization;
using System.Net;
using System.Text;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A host under load that is asked to stop: what runs ends, what waits is left to the next start, and nothing that ended is done twice.</summary>
public sealed class DrainTests
{
    private const int Runs = 4;

    // Enough for seconds of work, so that some is left however late a busy machine brings the signal.
    private const int Calls = 30;

    [Fact]
    public async Task Serve_TerminatedUnderLoad_EndsWhatRunsAndTheNextStartDoesTheRestOnce()
    {
        using var folder = new DataFolder();
        var run = CrashWork.Calls(Calls, milliseconds: 300, parallel: 5);
        var ids = new List<string>();
        await using (var host = folder.Start("serve", "--port", "0", "--max-activities", "8"))
        {
            var client = await host.ListeningAsync();
            for (var i = 0; i < Runs; i++) ids.Add(await client.StartAsync(run.Orchestrator, run.Input, Key(i)));
            await EffectsAsync(folder, 10);

            await host.SignalAsync("TERM");

            await host.Out.LineAsync(line => line.StartsWith("Stopping:", StringComparison.Ordinal));
            Assert.True(await host.ExitAsync() == 0, host.ToString());
            Assert.DoesNotContain("had not ended", host.Out.ToString(), StringComparison.Ordinal);
        }

        var done = folder.Effects();
        Assert.InRange(done.Count, 10, (Runs * Calls) - 1);
        await FinishAsync(folder, run, ids);
        var effects = folder.Effects();
        Assert.Equal(Runs * Calls, effects.Count);
        Assert.All(effects, effect => Assert.Equal(1, effect.Value));
    }

    [Fact]
    public async Task Serve_GraceTooShort_HandsBackWhatRunsAndTheNextStartDoesItAgain()
    {
        using var folder = new DataFolder();
        // Far longer than the grace: a busy machine may take a second or two to bring the signal.
        var run = CrashWork.Calls(4, milliseconds: 5000, parallel: 4);
        string id;
        await using (var host = folder.Start("serve", "--port", "0", "--grace", "1"))
        {
            id = await (await host.ListeningAsync()).StartAsync(run.Orchestrator, run.Input, Key(0));
            await EffectsAsync(folder, 4);

            await host.SignalAsync("TERM");

            await host.Out.LineAsync(line => line == "4 activities had not ended: the next start runs them again.");
            Assert.True(await host.ExitAsync() == 0, host.ToString());
        }

        await FinishAsync(folder, run, [id]);
        Assert.All(folder.Effects(), effect => Assert.Equal(2, effect.Value));
    }

    [Fact]
    public async Task Serve_WhileItStops_RefusesStartsAndASecondSignalEndsAtOnce()
    {
        using var folder = new DataFolder();
        var run = CrashWork.Calls(1, milliseconds: 60_000, parallel: 1);
        await using var host = folder.Start("serve", "--port", "0", "--grace", "600");
        var client = await host.ListeningAsync();
        await client.StartAsync(run.Orchestrator, run.Input, Key(0));
        await EffectsAsync(folder, 1);

        await host.SignalAsync("TERM");
        await host.Out.LineAsync(line => line.StartsWith("Stopping:", StringComparison.Ordinal));

        using var refused = await RefusedAsync(client);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(5, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.SendAsync(HttpMethod.Get, "/api/health")).Status);
        Assert.Single(await client.RunsAsync());

        await host.SignalAsync("TERM");
        Assert.True(await host.ExitAsync() == 0, host.ToString());
        Assert.Contains("1 activity had not ended: the next start runs it again.", host.Out.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The line is written just before draining begins. Until then what is no JSON is refused as that.</summary>
    private static async Task<HttpResponseMessage> RefusedAsync(HostClient client)
    {
        while (true)
        {
            var answer = await client.Http.PostAsync(new Uri("/api/runs/ToolFanOut", UriKind.Relative), new StringContent("{", Encoding.UTF8, "application/json"));
            if (answer.StatusCode != HttpStatusCode.BadRequest) return answer;
            answer.Dispose();
        }
    }

    private static async Task FinishAsync(DataFolder folder, CrashRun run, IReadOnlyList<string> ids)
    {
        await using var next = folder.Serve();
        var client = await next.ListeningAsync();
        var expected = await run.FaultFreeAsync();
        for (var i = 0; i < ids.Count; i++)
        {
            var state = await client.FinishAsync(run.Orchestrator, run.Input, Key(i));
            Assert.Equal(ids[i], state.GetProperty("instanceId").GetString());
            Assert.Equal(expected, CrashWork.Timeless(state.GetProperty("output")));
        }
    }

    private static async Task EffectsAsync(DataFolder folder, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (folder.Effects().Values.Sum() < count) await Task.Delay(20, patience.Token);
    }

    private static string Key(int run) => run.ToString(CultureInfo.InvariantCulture);
}
