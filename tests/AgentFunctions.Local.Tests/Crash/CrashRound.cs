using System.Net.Sockets;
using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>
/// Runs on one folder, over which hosts are killed one after the other. It remembers what a host has said: which run a key started, which steps are
/// recorded, and how often their effects had happened when that host was dead.
/// </summary>
internal sealed class CrashRound(IReadOnlyList<CrashRun> runs) : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly Dictionary<CrashRun, string> accepted = [];
    private readonly HashSet<string> recorded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> timesAtRecord = new(StringComparer.Ordinal);

    /// <summary>Whether a host has said that every run had ended.</summary>
    public bool Ended { get; private set; }

    /// <summary>How many steps a host has said to be recorded.</summary>
    public int Recorded => recorded.Count;

    /// <summary>Starts a host, sees to it that the runs are started, and kills it at a random moment: while it starts, at its first requests, or at work.</summary>
    public async Task LiveUntilKilledAsync(Random random)
    {
        await using (var host = folder.Serve())
        {
            var phase = random.Next(5);
            if (phase == 0)
            {
                await Task.Delay(random.Next(800));
                await host.KillAsync();
            }
            else
            {
                var atWork = new TaskCompletionSource();
                var watching = WatchAsync(await host.ListeningAsync(), atWork);
                await Task.WhenAny(watching, phase == 1 ? Task.CompletedTask : atWork.Task);
                await Task.WhenAny(watching, Task.Delay(random.Next(600)));
                await host.KillAsync();
                await watching;
            }
        }

        var effects = folder.Effects();
        foreach (var effect in recorded)
        {
            timesAtRecord.TryAdd(effect, effects.GetValueOrDefault(effect));
        }
    }

    /// <summary>Starts a last host, lets the runs end, and holds everything against the promises.</summary>
    public async Task FinishAsync(IReadOnlyDictionary<CrashRun, string> faultFree)
    {
        await using var host = folder.Serve();
        var client = await host.ListeningAsync();
        foreach (var run in runs)
        {
            var state = await client.FinishAsync(run.Orchestrator, run.Input, run.Orchestrator);
            NoteAccepted(run, state.GetProperty("instanceId").GetString()!);
            Assert.Equal(faultFree[run], CrashWork.Timeless(state.GetProperty("output")));
        }

        // Every kill was followed by a start with the same keys; one run each is all there may be.
        Assert.Equal(accepted.Values.Order(StringComparer.Ordinal), (await client.RunsAsync()).Order(StringComparer.Ordinal));
        var effects = folder.Effects();
        Assert.Equal(runs.SelectMany(run => run.EffectsOf(accepted[run]).Values).Order(StringComparer.Ordinal), effects.Keys.Order(StringComparer.Ordinal));
        Assert.All(timesAtRecord, then =>
        {
            Assert.True(then.Value > 0, $"'{then.Key}' was recorded as done but is not in the ledger.");
            Assert.True(effects[then.Key] == then.Value, $"'{then.Key}' had happened {then.Value} times when its outcome was recorded and has happened {effects[then.Key]} times now.");
        });
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Starts the runs and notes what the host says of them, until it is killed or they end.</summary>
    private async Task WatchAsync(HostClient client, TaskCompletionSource atWork)
    {
        try
        {
            foreach (var run in runs)
            {
                NoteAccepted(run, await client.StartAsync(run.Orchestrator, run.Input, run.Orchestrator));
            }

            while (!Ended)
            {
                var ended = 0;
                foreach (var run in runs)
                {
                    ended += NoteRecorded(run, await client.GetAsync($"/api/runs/{accepted[run]}/timeline"));
                }

                Ended = ended == runs.Count;
                atWork.TrySetResult();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // The host was killed in the middle of an answer, or just as it was connected to: HttpClient then lets the socket's own error through.
            // An answer that was not read to its end promised nothing.
        }
    }

    private void NoteAccepted(CrashRun run, string id)
    {
        accepted.TryAdd(run, id);
        Assert.Equal(accepted[run], id);
    }

    private int NoteRecorded(CrashRun run, JsonElement timeline)
    {
        var effects = run.EffectsOf(accepted[run]);
        foreach (var step in timeline.GetProperty("branches").EnumerateArray())
        {
            if (step.GetProperty("status").GetString() == "Completed" && step.TryGetProperty("label", out var label) && effects.TryGetValue(label.GetString()!, out var effect))
            {
                recorded.Add(effect);
            }
        }

        return timeline.GetProperty("status").GetString() == "Completed" ? 1 : 0;
    }
}
