using AgentFunctions.Core.Policies.Balancing;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class BalancingOptionsValidation : IValidateOptions<BalancingOptions>
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, BalancingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        if (!Enum.IsDefined(options.Strategy)) failures.Add($"{BalancingOptions.Section}:{nameof(options.Strategy)} is {options.Strategy}. Set it to one of {string.Join(", ", Enum.GetNames<BalancingStrategy>())}.");
        Check(nameof(options.Decay), options.Decay, TimeSpan.FromMilliseconds(100), TenMinutes);
        Check(nameof(options.ShortestQuiet), options.ShortestQuiet, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Check(nameof(options.LongestQuiet), options.LongestQuiet, options.ShortestQuiet, TimeSpan.FromHours(1));
        Check(nameof(options.SlowStart), options.SlowStart, TimeSpan.Zero, TenMinutes);
        Check(nameof(options.NeverSlow), options.NeverSlow, TimeSpan.Zero, TenMinutes);
        if (options.SlowFactor is not (>= 1.5 and <= 1000)) failures.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{BalancingOptions.Section}:{nameof(options.SlowFactor)} is {options.SlowFactor}. Set it to between 1.5 and 1000."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) failures.Add($"{BalancingOptions.Section}:{setting} is {value}. Set it to between {least} and {most}.");
        }
    }
}
