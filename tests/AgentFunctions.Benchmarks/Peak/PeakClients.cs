using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Benchmarks.Peak;

/// <summary>How an interactive run fared.</summary>
/// <param name="Milliseconds">How long the person waited.</param>
/// <param name="Outcome">Answered, Late, Refused or Failed.</param>
internal sealed record PeakAnswer(double Milliseconds, string Outcome);

/// <summary>Those who ask for runs, over real HTTP. A person asks once and waits; programs that are refused come back when they are told to, as long as the peak lasts.</summary>
internal sealed class PeakClients(Uri address, PeakWay way) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000 }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    private readonly Lock gate = new();
    private readonly Dictionary<RunPriority, int> refused = [];

    /// <summary>How many times programs were told to come back, by lane.</summary>
    public int Refused(RunPriority lane) => refused.GetValueOrDefault(lane);

    /// <summary>Sends all of them at their times.</summary>
    /// <returns>How the interactive runs fared.</returns>
    public async Task<IReadOnlyList<PeakAnswer>> SendAsync(IReadOnlyList<PeakStart> starts)
    {
        using var over = new CancellationTokenSource();
        var from = Stopwatch.GetTimestamp();
        var people = new List<Task<PeakAnswer>>();
        var programs = new List<Task>();
        foreach (var start in starts)
        {
            if (start.At - Stopwatch.GetElapsedTime(from) is var wait && wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait);
            if (start.Lane == RunPriority.Interactive) people.Add(Task.Run(() => AskAsync(start)));
            else programs.Add(Task.Run(() => SubmitAsync(start, over.Token)));
        }

        var answers = await Task.WhenAll(people);
        await over.CancelAsync();
        await Task.WhenAll(programs);
        return answers;
    }

    public void Dispose() => http.Dispose();

    private async Task<PeakAnswer> AskAsync(PeakStart start)
    {
        var from = Stopwatch.GetTimestamp();
        var query = $"wait={PeakTraffic.Deadline.TotalSeconds}s" + (way.Lanes ? $"&deadline={PeakTraffic.Deadline.TotalSeconds}s" : "");
        using var answer = await PostAsync(start, query, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync();
        var outcome = answer.StatusCode switch
        {
            HttpStatusCode.OK => JsonElement.Parse(text) is var run && run.GetProperty("runtimeStatus").GetString() == nameof(RuntimeStatus.Completed) && run.GetProperty("output").GetProperty("complete").GetBoolean() ? "Answered" : "Failed",
            HttpStatusCode.Accepted => "Late",
            HttpStatusCode.TooManyRequests => "Refused",
            _ => "Failed",
        };
        return new PeakAnswer(Bench.Milliseconds(from), outcome);
    }

    private async Task SubmitAsync(PeakStart start, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            using var answer = await PostAsync(start, "", CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.Accepted) return;
            if (answer.StatusCode != HttpStatusCode.TooManyRequests) throw new InvalidOperationException($"A start was answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            lock (gate) refused[start.Lane] = refused.GetValueOrDefault(start.Lane) + 1;
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(PeakStart start, string query, CancellationToken cancellationToken)
    {
        // A prompt of its own for each, so that no answer is kept from another.
        using var body = new StringContent($$$"""{"nodes":[{"key":"answer","model":{"name":"fast","prompt":"How do I do {{{start.InstanceId}}}?"}}]}""", Encoding.UTF8, "application/json");
        var lane = way.Lanes ? $"&priority={start.Lane}" : "";
        return await http.PostAsync(new Uri($"/api/runs/TaskGraph?instanceId={start.InstanceId}{lane}{(query.Length > 0 ? $"&{query}" : "")}", UriKind.Relative), body, cancellationToken);
    }
}
