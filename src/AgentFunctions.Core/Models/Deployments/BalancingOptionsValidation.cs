using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Core.Settings;
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
        var faults = new SettingFaults(BalancingOptions.Section);
        if (!Enum.IsDefined(options.Strategy)) faults.Refuse(nameof(options.Strategy), options.Strategy, $"one of {string.Join(", ", Enum.GetNames<BalancingStrategy>())}");
        faults.Check(nameof(options.Decay), options.Decay, TimeSpan.FromMilliseconds(100), TenMinutes);
        faults.Check(nameof(options.ShortestQuiet), options.ShortestQuiet, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        faults.Check(nameof(options.LongestQuiet), options.LongestQuiet, options.ShortestQuiet, TimeSpan.FromHours(1));
        faults.Check(nameof(options.SlowStart), options.SlowStart, TimeSpan.Zero, TenMinutes);
        faults.Check(nameof(options.NeverSlow), options.NeverSlow, TimeSpan.Zero, TenMinutes);
        faults.Check(nameof(options.SlowFactor), options.SlowFactor, 1.5, 1000);
        return faults.Result;
    }
}
