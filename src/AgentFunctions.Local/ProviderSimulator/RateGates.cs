namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>The gates of a provider: one for each model that is not as the others, and one for all others together.</summary>
internal sealed class RateGates(ProviderSimulatorOptions options, TimeProvider time)
{
    private readonly RateGate others = new(options, time);
    private readonly Dictionary<string, RateGate> own = options.Models.Keys.ToDictionary(model => model, model => new RateGate(options.For(model), time), StringComparer.Ordinal);

    /// <summary>The gate of a model.</summary>
    public RateGate Of(string model) => own.GetValueOrDefault(model) ?? others;
}
