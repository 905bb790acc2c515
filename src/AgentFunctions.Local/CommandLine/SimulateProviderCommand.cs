using System.CommandLine;
using AgentFunctions.Core.Models;
using AgentFunctions.Local.ProviderSimulator;

namespace AgentFunctions.Local.CommandLine;

/// <summary><c>simulate-provider</c>: an OpenAI-compatible server for load tests, until Ctrl-C.</summary>
internal sealed class SimulateProviderCommand(Terminal terminal, TimeProvider time)
{
    private static readonly ProviderSimulatorOptions defaults = new();

    private readonly Option<int> port = Setting("--port", defaults.Port, "The port on 127.0.0.1; 0 takes a free one.");
    private readonly Option<LatencyShape> latency = Setting("--latency", defaults.Latency, "How the time to the first token is spread.");
    private readonly Option<double> milliseconds = Setting("--base-ms", defaults.BaseMilliseconds, "The mean time to the first token, in milliseconds.");
    private readonly Option<double> spread = Setting("--spread", defaults.Spread, "How far the time to the first token strays.");
    private readonly Option<double> perToken = Setting("--per-token-ms", defaults.MillisecondsPerToken, "The time for each token of the answer, in milliseconds.");
    private readonly Option<int> requests = Setting("--rpm", defaults.RequestsPerMinute, "Requests a minute; 0 is no limit. Above it: 429 with Retry-After.");
    private readonly Option<int> tokens = Setting("--tpm", defaults.TokensPerMinute, "Tokens a minute; 0 is no limit. Above it: 429 with Retry-After.");
    private readonly Option<double> faults = Setting("--fault-rate", defaults.FaultRate, "The share of requests that get a 500, 0 to 1.");
    private readonly Option<double> malformed = Setting("--malformed-rate", defaults.MalformedRate, "The share of requests whose reply breaks off, 0 to 1.");
    private readonly Option<double> hangs = Setting("--hang-rate", defaults.HangRate, "The share of requests that never get an answer, 0 to 1.");
    private readonly Option<double> cuts = Setting("--cut-rate", defaults.CutRate, "The share of streamed answers whose connection is cut in the middle, 0 to 1.");
    private readonly Option<int> toolRounds = Setting("--tool-rounds", defaults.ToolRounds, "How many times in a row tools are called, where a request has some, before the answer.");
    private readonly Option<double> batchSeconds = Setting("--batch-seconds", defaults.BatchSeconds, "How long a batch is in progress, in seconds.");
    private readonly Option<double> batchWindow = Setting("--batch-window-seconds", defaults.BatchWindowSeconds, "After how many seconds a batch expires.");
    private readonly Option<string?> script = new("--script") { Description = "What the model says, turn by turn: a JSON file.", HelpName = "FILE.json" };
    private readonly Option<int> seed = Setting("--seed", defaults.Seed, "What all chance is drawn from.");

    /// <summary>The command.</summary>
    public Command Build()
    {
        var command = new Command("simulate-provider", "Serves an OpenAI-compatible API with latency, limits and faults, for load tests.") { port, latency, milliseconds, spread, perToken, requests, tokens, faults, malformed, hangs, cuts, toolRounds, batchSeconds, batchWindow, script, seed };
        command.SetAction((parsed, cancellationToken) => ServeAsync(Options(parsed), cancellationToken));
        return command;
    }

    private static Option<T> Setting<T>(string name, T value, string description) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private ProviderSimulatorOptions Options(ParseResult parsed)
    {
        var options = new ProviderSimulatorOptions
        {
            Port = parsed.GetValue(port),
            Latency = parsed.GetValue(latency),
            BaseMilliseconds = parsed.GetValue(milliseconds),
            Spread = parsed.GetValue(spread),
            MillisecondsPerToken = parsed.GetValue(perToken),
            RequestsPerMinute = parsed.GetValue(requests),
            TokensPerMinute = parsed.GetValue(tokens),
            FaultRate = parsed.GetValue(faults),
            MalformedRate = parsed.GetValue(malformed),
            HangRate = parsed.GetValue(hangs),
            CutRate = parsed.GetValue(cuts),
            ToolRounds = parsed.GetValue(toolRounds),
            BatchSeconds = parsed.GetValue(batchSeconds),
            BatchWindowSeconds = parsed.GetValue(batchWindow),
            Script = parsed.GetValue(script) is { } file ? ReadScript(file) : null,
            Seed = parsed.GetValue(seed),
        };
        return new ProviderSimulatorOptionsValidator().Validate(name: null, options) is { Failed: true, Failures: { } wrong } ? throw new UsageException(string.Join(' ', wrong)) : options;
    }

    private static ProviderScript ReadScript(string file)
    {
        try
        {
            return ProviderScript.Parse(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"--script is '{file}'. {exception.Message}");
        }
    }

    private async Task<int> ServeAsync(ProviderSimulatorOptions options, CancellationToken cancellationToken)
    {
        await using var provider = await SimulatedProvider.StartAsync(options, time, cancellationToken);
        await terminal.Out.WriteLineAsync($"The simulated provider answers at {provider.Endpoint}");
        await terminal.Out.WriteLineAsync($"  counts {new Uri(provider.Address, "/stats")}");
        await terminal.Out.WriteLineAsync($"  use it {ModelEnvironment.Endpoint}={provider.Endpoint} {ModelEnvironment.Key}=any");
        await terminal.Out.WriteLineAsync("  stop   Ctrl-C");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how a server is stopped; that is no failure.
        }

        var stats = provider.Stats;
        await terminal.Out.WriteLineAsync($"{stats.Requests:N0} requests: {stats.Answered:N0} answered, {stats.ThrottledByRequests + stats.ThrottledByTokens:N0} throttled, {stats.Faults:N0} faults, {stats.Malformed:N0} malformed, {stats.Hung:N0} hung.");
        return ExitCodes.Ok;
    }
}
