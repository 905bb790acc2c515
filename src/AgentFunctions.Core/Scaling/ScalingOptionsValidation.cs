using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Scaling;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class ScalingOptionsValidation : IValidateOptions<ScalingOptions>
{
    private const int MostInstances = 1000;

    // So that rounding can't make both borders one.
    private const double LeastBetween = 0.05;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, ScalingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new SettingFaults(ScalingOptions.Section);
        if (options.App is null || !InstanceIds.IsAllowed(options.App)) faults.Add($"{ScalingOptions.Section}:{nameof(options.App)} is '{options.App}'. Set it to 1 to 100 characters, none of them / \\ # ? or a control character, the first not @.");
        if (!Enum.IsDefined(options.Report)) faults.Add($"{ScalingOptions.Section}:{nameof(options.Report)} is {options.Report}. Set it to {string.Join(" or ", Enum.GetNames<ScalingReports>())}.");
        faults.Check(nameof(options.ReportEvery), options.ReportEvery, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        faults.Check(nameof(options.MinInstances), options.MinInstances, 1, MostInstances);
        faults.Check(nameof(options.MaxInstances), options.MaxInstances, Math.Clamp(options.MinInstances, 1, MostInstances), MostInstances);
        faults.Check(nameof(options.TargetUtilisation), options.TargetUtilisation, 0.1, 0.95);
        faults.Check(nameof(options.ScaleInUtilisation), options.ScaleInUtilisation, LeastBetween, Math.Max(LeastBetween, Math.Round(options.TargetUtilisation - LeastBetween, 6)));
        faults.Check(nameof(options.DrainWithin), options.DrainWithin, TimeSpan.FromSeconds(1), Hour);
        faults.Check(nameof(options.TargetWait), options.TargetWait, TimeSpan.FromMilliseconds(10), Hour);
        faults.Check(nameof(options.HoldAtFailureShare), options.HoldAtFailureShare, 0.01, 1);
        faults.Check(nameof(options.HoldAtLimitedShare), options.HoldAtLimitedShare, 0.01, 1);
        faults.Check(nameof(options.StepOut), options.StepOut, 1, MostInstances);
        faults.Check(nameof(options.StepIn), options.StepIn, 1, MostInstances);
        faults.Check(nameof(options.OutCooldown), options.OutCooldown, TimeSpan.Zero, Hour);
        faults.Check(nameof(options.InAfter), options.InAfter, TimeSpan.Zero, Day);
        faults.Check(nameof(options.InCooldown), options.InCooldown, TimeSpan.Zero, Day);
        faults.Check(nameof(options.ForecastAhead), options.ForecastAhead, TimeSpan.Zero, Hour * 2);
        faults.Check(nameof(options.ForecastWeight), options.ForecastWeight, 0.01, 1);
        return faults.Result;
    }
}
