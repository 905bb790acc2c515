using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Refuses <see cref="ProviderSimulatorOptions"/> that can't work, with the setting, its value and its range.</summary>
public sealed class ProviderSimulatorOptionsValidator : IValidateOptions<ProviderSimulatorOptions>
{
    /// <summary>Checks the options.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The options.</param>
    public ValidateOptionsResult Validate(string? name, ProviderSimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [];
        Check(nameof(options.Port), options.Port, 0, 65_535);
        if (!Enum.IsDefined(options.Latency)) errors.Add($"Latency is {(int)options.Latency}. Set it to one of {string.Join(", ", Enum.GetNames<LatencyShape>())}.");
        Check(nameof(options.BaseMilliseconds), options.BaseMilliseconds, 0, 600_000);
        Check(nameof(options.Spread), options.Spread, 0, options.Latency == LatencyShape.Uniform ? 1 : 5);
        Check(nameof(options.MillisecondsPerToken), options.MillisecondsPerToken, 0, 10_000);
        Check(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 0, 10_000_000);
        Check(nameof(options.TokensPerMinute), options.TokensPerMinute, 0, 1_000_000_000);
        Check(nameof(options.BurstSeconds), options.BurstSeconds, 0.1, 60);
        Check(nameof(options.BatchSeconds), options.BatchSeconds, 0.001, 1_000_000);
        Check(nameof(options.BatchWindowSeconds), options.BatchWindowSeconds, 1, 1_000_000);
        Check(nameof(options.FaultRate), options.FaultRate, 0, 1);
        Check(nameof(options.MalformedRate), options.MalformedRate, 0, 1);
        Check(nameof(options.HangRate), options.HangRate, 0, 1);
        Check(nameof(options.CutRate), options.CutRate, 0, 1);
        Check(nameof(options.ToolRounds), options.ToolRounds, 0, 100);
        var rates = options.FaultRate + options.MalformedRate + options.HangRate;
        if (errors.Count == 0 && rates > 1 + 1e-9) errors.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"FaultRate, MalformedRate and HangRate add up to {rates}. Set them to add up to at most 1."));
        foreach (var model in options.Models.Keys)
        {
            if (options.Models[model].RefuseFor is { } refuse) Check($"Models[{model}]: RefuseFor in seconds", refuse.TotalSeconds, 0, 3600);
            var own = Validate(name, options.For(model) with { Models = new Dictionary<string, SimulatedModel>(StringComparer.Ordinal) });
            if (errors.Count == 0 && own.Failures is { } wrong) errors.AddRange(wrong.Select(error => $"Models[{model}]: {error}"));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string setting, double value, double least, double most)
        {
            // NaN fails every comparison, so it is refused too.
            if (!(value >= least && value <= most)) errors.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{setting} is {value}. Set it to between {least} and {most}."));
        }
    }

    /// <summary>Throws when the options can't work.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsValidationException">They can't, with every reason.</exception>
    public static void ThrowIfInvalid(ProviderSimulatorOptions options)
    {
        if (new ProviderSimulatorOptionsValidator().Validate(name: null, options) is { Failed: true, Failures: { } failures }) throw new OptionsValidationException(nameof(ProviderSimulatorOptions), typeof(ProviderSimulatorOptions), failures);
    }
}
