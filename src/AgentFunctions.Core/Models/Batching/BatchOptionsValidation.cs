using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class BatchOptionsValidation : IValidateOptions<BatchOptions>
{
    private static readonly TimeSpan ShortestTarget = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestTarget = TimeSpan.FromMinutes(1);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(BatchOptions.Section);
        faults.Check(nameof(options.InteractiveWait), options.InteractiveWait, TimeSpan.Zero, BatchOptions.LongestWait);
        faults.Check(nameof(options.WorkflowWait), options.WorkflowWait, TimeSpan.Zero, BatchOptions.LongestWait);
        faults.Check(nameof(options.BackgroundWait), options.BackgroundWait, TimeSpan.Zero, BatchOptions.LongestWait);
        faults.Check(nameof(options.MaxTexts), options.MaxTexts, 1, 2048);
        faults.Check(nameof(options.MaxTokens), options.MaxTokens, 1, 1_000_000);
        faults.Check(nameof(options.TargetLatency), options.TargetLatency, ShortestTarget, LongestTarget);
        return faults.Result;
    }
}
