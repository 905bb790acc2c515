using System.Globalization;
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
        List<string> failures = [];
        Check("ShareEvery", options.ShareEvery, Shortest, Minute, failures);
        Check("Models", options.Models, failures);
        Check("Tools", options.Tools, failures);
        foreach (var (tool, set) in options.PerTool) Check($"PerTool:{tool}", set.Over(options.Tools), failures);
        var retry = options.Retry;
        Check("Retry:MaxRetries", retry.MaxRetries, 0, 10, failures);
        Check("Retry:BaseDelay", retry.BaseDelay, TimeSpan.Zero, Minute, failures);
        Check("Retry:MaxDelay", retry.MaxDelay, retry.BaseDelay, Minute, failures);
        Check("Retry:LongestWait", retry.LongestWait, TimeSpan.Zero, Minute, failures);
        Check("Retry:BudgetRatio", retry.BudgetRatio, 0, 10, failures);
        Check("Retry:BudgetPerSecond", retry.BudgetPerSecond, 0, 1_000, failures);
        Check("Retry:BudgetReserve", retry.BudgetReserve, 0, 100_000, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(string path, CircuitOptions circuit, List<string> failures)
    {
        if (circuit.FailureRatio is not (> 0 and <= 1)) failures.Add(Wrong($"{path}:FailureRatio", circuit.FailureRatio, "above 0 and up to 1"));
        Check($"{path}:MinimumThroughput", circuit.MinimumThroughput, 2, 100_000, failures);
        Check($"{path}:SamplingWindow", circuit.SamplingWindow, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), failures);
        Check($"{path}:ConsecutiveFailures", circuit.ConsecutiveFailures, 0, 1_000, failures);
        Check($"{path}:BreakDuration", circuit.BreakDuration, Shortest, Hour, failures);
        Check($"{path}:LongestBreak", circuit.LongestBreak, circuit.BreakDuration, Hour, failures);
        Check($"{path}:ProbeLease", circuit.ProbeLease, Shortest, Hour, failures);
    }

    private static void Check<T>(string path, T value, T least, T greatest, List<string> failures)
        where T : IComparable<T>
    {
        // NaN is below everything.
        if (value.CompareTo(least) < 0 || value.CompareTo(greatest) > 0) failures.Add(Wrong(path, value, string.Create(CultureInfo.InvariantCulture, $"between {least} and {greatest}")));
    }

    private static string Wrong<T>(string path, T value, string range) => string.Create(CultureInfo.InvariantCulture, $"{ResilienceOptions.Section}:{path} is {value}. Set it to {range}.");
}
