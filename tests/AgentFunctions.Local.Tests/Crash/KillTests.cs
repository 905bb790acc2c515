using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A real process, real kills, a real disk.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int StartsToKill = 5;

    [Fact]
    public async Task Runs_HostKilled20TimesAtRandom_CompleteAsWithoutFaultsAndRepeatNothingRecorded()
    {
        var random = CrashSeed.Draw(output);
        CrashRun[] runs = [CrashWork.MapReduce, CrashWork.ToolFanOut];
        var faultFree = new Dictionary<CrashRun, string>();
        foreach (var run in runs)
        {
            faultFree.Add(run, await run.FaultFreeAsync());
        }

        var (kills, recorded) = (0, 0);
        while (kills < Kills)
        {
            using var round = new CrashRound(runs);
            while (kills < Kills && !round.Ended)
            {
                await round.LiveUntilKilledAsync(random);

                // One that found everything done has proved nothing.
                kills += round.Ended ? 0 : 1;
            }

            await round.FinishAsync(faultFree);
            recorded += round.Recorded;
        }

        output.WriteLine($"{kills} kills, {recorded} steps seen recorded.");
        Assert.True(recorded > Kills, $"Only {recorded} steps were seen recorded before a kill: this tests too little.");
    }

    [Fact]
    public async Task An_accepted_start_survives_kill_9_the_moment_after_the_202()
    {
        using var folder = new DataFolder();
        var run = CrashWork.Calls(3, milliseconds: 50, parallel: 3);
        var accepted = new List<string>();
        for (var i = 0; i < StartsToKill; i++)
        {
            await using var host = folder.Serve();
            var client = await host.ListeningAsync();
            accepted.Add(await client.StartAsync(run.Orchestrator, run.Input, $"start-{i}"));
            await host.KillAsync();
        }

        await using var last = folder.Serve();
        var after = await last.ListeningAsync();
        Assert.Equal(accepted.Order(StringComparer.Ordinal), (await after.RunsAsync()).Order(StringComparer.Ordinal));
        var expected = await run.FaultFreeAsync();
        for (var i = 0; i < StartsToKill; i++)
        {
            var state = await after.FinishAsync(run.Orchestrator, run.Input, $"start-{i}");
            Assert.Equal(accepted[i], state.GetProperty("instanceId").GetString());
            Assert.Equal(expected, CrashWork.Timeless(state.GetProperty("output")));
        }
    }
}
