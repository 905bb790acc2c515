using System.Globalization;
using AgentFunctions.Core.Durable;
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
        List<string> failures = [];
        if (options.App is null || !InstanceIds.IsAllowed(options.App)) failures.Add($"{ScalingOptions.Section}:{nameof(options.App)} is '{options.App}'. Set it to 1 to 100 characters, none of them / \\ # ? or a control character, the first not @.");
        if (!Enum.IsDefined(options.Report)) failures.Add($"{ScalingOptions.Section}:{nameof(options.Report)} is {options.Report}. Set it to {string.Join(" or ", Enum.GetNames<ScalingReports>())}.");
        Check(nameof(options.ReportEvery), options.ReportEvery, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Check(nameof(options.MinInstances), options.MinInstances, 1, MostInstances);
        Check(nameof(options.MaxInstances), options.MaxInstances, Math.Clamp(options.MinInstances, 1, MostInstances), MostInstances);
        Check(nameof(options.TargetUtilisation), options.TargetUtilisation, 0.1, 0.95);
        Check(nameof(options.ScaleInUtilisation), options.ScaleInUtilisation, LeastBetween, Math.Max(LeastBetween, Math.Round(options.TargetUtilisation - LeastBetween, 6)));
        Check(nameof(options.DrainWithin), options.DrainWithin, TimeSpan.FromSeconds(1), Hour);
        Check(nameof(options.TargetWait), options.TargetWait, TimeSpan.FromMilliseconds(10), Hour);
        Check(nameof(options.HoldAtFailureShare), options.HoldAtFailureShare, 0.01, 1);
        Check(nameof(options.HoldAtLimitedShare), options.HoldAtLimitedShare, 0.01, 1);
        Check(nameof(options.StepOut), options.StepOut, 1, MostInstances);
        Check(nameof(options.StepIn), options.StepIn, 1, MostInstances);
        Check(nameof(options.OutCooldown), options.OutCooldown, TimeSpan.Zero, Hour);
        Check(nameof(options.InAfter), options.InAfter, TimeSpan.Zero, Day);
        Check(nameof(options.InCooldown), options.InCooldown, TimeSpan.Zero, Day);
        Check(nameof(options.ForecastAhead), options.ForecastAhead, TimeSpan.Zero, Hour * 2);
        Check(nameof(options.ForecastWeight), options.ForecastWeight, 0.01, 1);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check<T>(string setting, T value, T least, T most)
            where T : IComparable<T>, IFormattable
        {
            if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)) failures.Add(string.Create(CultureInfo.InvariantCulture, $"{ScalingOptions.Section}:{setting} is {value}. Set it to between {least} and {most}."));
        }
    }
}
