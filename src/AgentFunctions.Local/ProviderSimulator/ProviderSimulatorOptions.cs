namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>How a simulated provider behaves. Rates are shares of all requests, 0 to 1, and add up to at most 1.</summary>
public sealed record ProviderSimulatorOptions
{
    /// <summary>The port on 127.0.0.1, 0 to 65,535; 0 takes any free one. Default: 7079.</summary>
    public int Port { get; init; } = 7079;

    /// <summary>How the time to the first token is spread. Default: fixed.</summary>
    public LatencyShape Latency { get; init; }

    /// <summary>The mean time to the first token in milliseconds, 0 to 600,000. Default: 50.</summary>
    public double BaseMilliseconds { get; init; } = 50;

    /// <summary>
    /// How far the time to the first token strays, 0 to 5: for uniform its share of the mean either way (at most 1), for lognormal the
    /// standard deviation of its logarithm. Default: 0.3. Fixed does not use it.
    /// </summary>
    public double Spread { get; init; } = 0.3;

    /// <summary>The time for each token of the answer in milliseconds, 0 to 10,000. Default: 1.</summary>
    public double MillisecondsPerToken { get; init; } = 1;

    /// <summary>How many requests a minute are served, 0 to 10,000,000; 0 is no limit. Default: 0.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>How many tokens a minute are served, 0 to 1,000,000,000; 0 is no limit. Default: 0.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>The time whose share of a minute's limit may come at once, 0.1 to 60 seconds: some providers look at shorter times than a minute (Azure OpenAI at 1 or 10 s). Default: 60.</summary>
    public double BurstSeconds { get; init; } = 60;

    /// <summary>The share of requests that get a 500. Default: 0.</summary>
    public double FaultRate { get; init; }

    /// <summary>The share of requests that get a 200 with a reply that breaks off. Default: 0.</summary>
    public double MalformedRate { get; init; }

    /// <summary>The share of requests that never get an answer. Default: 0.</summary>
    public double HangRate { get; init; }

    /// <summary>How long a batch is in progress, 0.001 to 1,000,000 seconds; its requests end evenly over it. Default: 2.</summary>
    public double BatchSeconds { get; init; } = 2;

    /// <summary>After how long a batch expires, 1 to 1,000,000 seconds. Default: 86,400, which is 24 hours.</summary>
    public double BatchWindowSeconds { get; init; } = 86_400;

    /// <summary>The share of streamed answers whose connection is cut somewhere in the middle, 0 to 1, of those that get an answer. Default: 0.</summary>
    public double CutRate { get; init; }

    /// <summary>How many times in a row the model calls tools, where a request has some and no script says what to do, before it answers: 0 to 100. Default: 1.</summary>
    public int ToolRounds { get; init; } = 1;

    /// <summary>What the model says in each conversation that carries no script of its own. Default: none.</summary>
    public ProviderScript? Script { get; init; }

    /// <summary>Models that are not as the others, by name. Default: none.</summary>
    public IReadOnlyDictionary<string, SimulatedModel> Models { get; init; } = new Dictionary<string, SimulatedModel>(StringComparer.Ordinal);

    /// <summary>What a model says by its name and the last message of the user, where no script does; null for what it would say anyhow. Default: none.</summary>
    public Func<string, string, string?>? Answer { get; init; }

    /// <summary>What all chance is drawn from: the n-th request fares the same in every run with this seed. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How it behaves to those who ask for a model.</summary>
    /// <param name="model">The model's name.</param>
    internal ProviderSimulatorOptions For(string model) => !Models.TryGetValue(model, out var own) ? this : this with
    {
        BaseMilliseconds = own.BaseMilliseconds ?? BaseMilliseconds,
        MillisecondsPerToken = own.MillisecondsPerToken ?? MillisecondsPerToken,
        RequestsPerMinute = own.RequestsPerMinute ?? RequestsPerMinute,
        TokensPerMinute = own.TokensPerMinute ?? TokensPerMinute,
        FaultRate = own.FaultRate ?? FaultRate,
        HangRate = own.HangRate ?? HangRate,
    };
}

/// <summary>How a latency is spread.</summary>
public enum LatencyShape
{
    /// <summary>Always the mean.</summary>
    Fixed,

    /// <summary>Evenly between mean × (1 - spread) and mean × (1 + spread).</summary>
    Uniform,

    /// <summary>With a long tail, as real providers have it; the mean stays the mean.</summary>
    Lognormal,
}
