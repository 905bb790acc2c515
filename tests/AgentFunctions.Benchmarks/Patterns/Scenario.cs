using System.Text.Json;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>A pattern at work.</summary>
/// <param name="Name">What the table says.</param>
/// <param name="Orchestrator">What is run.</param>
/// <param name="Input">Its input, at a pace.</param>
internal sealed record Scenario(string Name, string Orchestrator, Func<Pace, object> Input)
{
    /// <summary>What a client does while it runs. Default: nothing.</summary>
    public Func<PatternHost, string, Task>? Meanwhile { get; init; }

    /// <summary>A part of the result, and what it must be. Default: the result is complete.</summary>
    public (string Name, string Value) Expected { get; init; } = ("complete", "true");

    /// <summary>How many runs come before those that are measured. Default: 2.</summary>
    public int WarmUps { get; init; } = 2;

    /// <summary>What plain code would do one after the other, where that is not the recorded calls. Default: the recorded calls.</summary>
    public Func<PatternHost, IReadOnlyList<Func<Task>>>? Sequential { get; init; }

    /// <summary>Runs it several times, and the same calls one after the other by plain code, in the same process.</summary>
    /// <param name="host">The host.</param>
    /// <param name="pace">The pace that the host's models have.</param>
    /// <param name="runs">How many runs are measured; the median counts.</param>
    public async Task<Figures> MeasureAsync(PatternHost host, Pace pace, int runs)
    {
        var input = JsonSerializer.SerializeToElement(Input(pace));
        for (var i = 1; i < WarmUps; i++) await host.RunAsync(this, input);
        host.Record.Begin();
        await host.RunAsync(this, input);
        var recorded = host.Record.End();
        var calls = Sequential?.Invoke(host) ?? recorded;

        var measured = new List<(double Milliseconds, PathTimes Path)>();
        for (var i = 0; i < runs; i++)
        {
            var run = await host.RunAsync(this, input);
            measured.Add((run.Milliseconds, await PathTimes.ReadAsync(host.Client, run.InstanceId)));
        }

        // The medians are of one run each, so that a row's numbers fit together.
        measured.Sort((left, right) => left.Milliseconds.CompareTo(right.Milliseconds));
        var (elapsed, path) = measured[measured.Count / 2];
        return new Figures(Name, calls.Count, await CallRecord.RepeatAsync(calls), elapsed, path);
    }
}

/// <summary>A row of the table; all times in milliseconds.</summary>
internal sealed record Figures(string Name, int Calls, double Sequential, double Elapsed, PathTimes Path)
{
    public const string Head = "| pattern | calls | one after the other | elapsed | critical path | work on it | elapsed / critical path | elapsed / work on it | beyond the work | speed-up |";
    public const string Rule = "|---|---|---|---|---|---|---|---|---|---|";

    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"| {Name} | {Calls} | {(Calls == 0 ? "" : $"{Sequential:n0} ms")} | {Elapsed:n0} ms | {Path.Total:n0} ms | {Path.Work:n0} ms | {Elapsed / Path.Total:n3} | {Elapsed / Path.Work:n3} | {Elapsed - Path.Work:n1} ms | {(Calls == 0 ? "" : $"{Sequential / Elapsed:n2}")} |");
}
