using AgentFunctions.Core.Policies.RateLimiting;
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
        List<string> failures = [];
        Check(nameof(options.InteractiveWait), options.InteractiveWait);
        Check(nameof(options.WorkflowWait), options.WorkflowWait);
        Check(nameof(options.BackgroundWait), options.BackgroundWait);
        if (options.MaxInFlight is < 1 or > LimitOptions.MostInFlight) failures.Add($"{LimitOptions.Section}:{nameof(options.MaxInFlight)} is {options.MaxInFlight}. Set it to between 1 and 10,000, or leave it out.");
        if (options.Shards is < 1 or > Sharding.Most) failures.Add($"{LimitOptions.Section}:{nameof(options.Shards)} is {options.Shards}. Set it to between 1 and {Sharding.Most}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, TimeSpan wait)
        {
            if (wait < TimeSpan.Zero || wait > LimitOptions.LongestWait) failures.Add($"{LimitOptions.Section}:{setting} is {wait}. Set it to between 00:00:00 and {LimitOptions.LongestWait}.");
        }
    }
}
