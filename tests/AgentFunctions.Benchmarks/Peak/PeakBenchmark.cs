using System.Globalization;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Benchmarks.Peak;

/// <summary>Three times the load that the provider allows, in three lanes, over real HTTP: whether people are still answered in time, and what becomes of the rest.</summary>
internal static class PeakBenchmark
{
    private static readonly PeakWay[] Ways =
    [
        new("plain: no limits, lanes or admission", Limits: false, Lanes: false, Admission: false),
        new("limits, but no lanes or admission", Limits: true, Lanes: false, Admission: false),
        new("limits and lanes, but no admission", Limits: true, Lanes: true, Admission: false),
        new("limits, lanes and admission", Limits: true, Lanes: true, Admission: true),
    ];

    /// <summary>Runs all ways on the same traffic.</summary>
    /// <param name="bench">Where the journal goes.</param>
    /// <param name="times">How many times what the provider allows.</param>
    /// <param name="seed">What the traffic is drawn from.</param>
    /// <param name="isStrict">Whether an interactive run that fails with all of it on is an error.</param>
    /// <exception cref="InvalidOperationException">One failed, and that is an error.</exception>
    public static async Task RunAsync(Bench bench, double times, int seed, bool isStrict)
    {
        var starts = PeakTraffic.Draw(times, seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak: {starts.Count} runs of one call in {PeakTraffic.Length.TotalSeconds} s, {times} times the {PeakTraffic.CallsPerMinute} calls a minute that the provider serves, {starts.Count(s => s.Lane == RunPriority.Interactive)} of them interactive with a deadline of {PeakTraffic.Deadline.TotalSeconds} s, seed {seed}"));
        Console.WriteLine("| | interactive in time | late | refused | failed | p50 | p95 | workflow done | background done | told to come back (workflow, background) | provider's 429 | quota used |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        var failed = 0;
        foreach (var way in Ways) failed = await PassAsync(bench, way, starts);
        if (isStrict && failed > 0) throw new InvalidOperationException($"{failed} interactive runs were not answered in time with all of it on.");
    }

    /// <returns>How many interactive runs were not answered in time.</returns>
    private static async Task<int> PassAsync(Bench bench, PeakWay way, IReadOnlyList<PeakStart> starts)
    {
        await using var peak = await PeakHost.StartAsync(Path.Combine(bench.Folder, "peak"), way);
        using var clients = new PeakClients(peak.Host.Address!, way);
        var (answeredBefore, limitedBefore) = (peak.Provider.Stats.Answered, peak.Provider.Stats.ThrottledByRequests);
        var began = DateTimeOffset.UtcNow;
        var answers = await clients.SendAsync(starts);
        var seconds = (DateTimeOffset.UtcNow - began).TotalSeconds;
        var served = peak.Provider.Stats.Answered - answeredBefore;
        var done = await DoneAsync(peak.Host.Client);
        var waits = answers.Where(answer => answer.Outcome == "Answered").Select(answer => answer.Milliseconds).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {way.Name} | {100.0 * waits.Count / answers.Count:n1} % | {Count("Late")} | {Count("Refused")} | {Count("Failed")} | {Wait(0.5)} | {Wait(0.95)} | {Of(RunPriority.Workflow)} | {Of(RunPriority.Background)} | {clients.Refused(RunPriority.Workflow)}, {clients.Refused(RunPriority.Background)} | {peak.Provider.Stats.ThrottledByRequests - limitedBefore} | {100.0 * served / (seconds * PeakTraffic.CallsPerMinute / 60):n0} % |"));
        return answers.Count - waits.Count;

        int Count(string outcome) => answers.Count(answer => answer.Outcome == outcome);
        string Wait(double quantile) => waits.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Bench.Quantile(waits, quantile) / 1000:n2} s");
        string Of(RunPriority lane) => $"{done.GetValueOrDefault(lane)} of {starts.Count(start => start.Lane == lane)}";
    }

    /// <summary>How many runs of each lane are complete as the peak ends.</summary>
    private static async Task<Dictionary<RunPriority, int>> DoneAsync(IRunClient client)
    {
        var done = new Dictionary<RunPriority, int>();
        foreach (var lane in Enum.GetValues<RunPriority>())
        {
            string? token = null;
            do
            {
                var page = await client.ListAsync(new RunQuery { Statuses = [RuntimeStatus.Completed], InstanceIdPrefix = $"{lane.ToString().ToLowerInvariant()}-", PageSize = 1000, ContinuationToken = token, IncludePayloads = true });
                done[lane] = done.GetValueOrDefault(lane) + page.Runs.Count(run => run.Output is { } output && output.GetProperty("complete").GetBoolean());
                token = page.ContinuationToken;
            }
            while (token is not null);
        }

        return done;
    }
}
