using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Limiting;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class LimitOptionsValidation : IValidateOptions<LimitOptions>
{
    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(LimitOptions.Section);
        faults.Check(nameof(options.InteractiveWait), options.InteractiveWait, TimeSpan.Zero, LimitOptions.LongestWait);
        faults.Check(nameof(options.WorkflowWait), options.WorkflowWait, TimeSpan.Zero, LimitOptions.LongestWait);
        faults.Check(nameof(options.BackgroundWait), options.BackgroundWait, TimeSpan.Zero, LimitOptions.LongestWait);
        if (options.MaxInFlight is < 1 or > LimitOptions.MostInFlight) faults.Add($"{LimitOptions.Section}:{nameof(options.MaxInFlight)} is {options.MaxInFlight}. Set it to between 1 and 10,000, or leave it out.");
        faults.Check(nameof(options.Shards), options.Shards, 1, Sharding.Most);
        return faults.Result;
    }
}
