using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Resilience;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class ResilienceOptionsValidation : IValidateOptions<ResilienceOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, ResilienceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(ResilienceOptions.Section);
        faults.Check("ShareEvery", options.ShareEvery, Shortest, Minute);
        Check(faults, "Models", options.Models);
        Check(faults, "Tools", options.Tools);
        foreach (var (tool, set) in options.PerTool) Check(faults, $"PerTool:{tool}", set.Over(options.Tools));
        var retry = options.Retry;
        faults.Check("Retry:MaxRetries", retry.MaxRetries, 0, 10);
        faults.Check("Retry:BaseDelay", retry.BaseDelay, TimeSpan.Zero, Minute);
        faults.Check("Retry:MaxDelay", retry.MaxDelay, retry.BaseDelay, Minute);
        faults.Check("Retry:LongestWait", retry.LongestWait, TimeSpan.Zero, Minute);
        faults.Check("Retry:BudgetRatio", retry.BudgetRatio, 0, 10);
        faults.Check("Retry:BudgetPerSecond", retry.BudgetPerSecond, 0, 1_000);
        faults.Check("Retry:BudgetReserve", retry.BudgetReserve, 0, 100_000);
        return faults.Result;
    }

    private static void Check(SettingFaults faults, string path, CircuitOptions circuit)
    {
        if (circuit.FailureRatio is not (> 0 and <= 1)) faults.Refuse($"{path}:FailureRatio", circuit.FailureRatio, "above 0 and up to 1");
        faults.Check($"{path}:MinimumThroughput", circuit.MinimumThroughput, 2, 100_000);
        faults.Check($"{path}:SamplingWindow", circuit.SamplingWindow, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        faults.Check($"{path}:ConsecutiveFailures", circuit.ConsecutiveFailures, 0, 1_000);
        faults.Check($"{path}:BreakDuration", circuit.BreakDuration, Shortest, Hour);
        faults.Check($"{path}:LongestBreak", circuit.LongestBreak, circuit.BreakDuration, Hour);
        faults.Check($"{path}:ProbeLease", circuit.ProbeLease, Shortest, Hour);
    }
}
