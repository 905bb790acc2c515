using Microsoft.Extensions.Options;

namespace AgentFunctions.App.Storage;

/// <summary>How long history is kept, and how much one sweep removes. Settings <c>History__KeepDays</c> and so on.</summary>
internal sealed class SweepOptions
{
    /// <summary>The settings' section.</summary>
    public const string Section = "History";

    /// <summary>For how many days after its end a run's history is kept. Default: 30. Range: 1 to 3,650.</summary>
    public int KeepDays { get; set; } = 30;

    /// <summary>How many runs one sweep purges at most. Default: 500. Range: 1 to 10,000.</summary>
    public int MostRuns { get; set; } = 500;

    /// <summary>How many expired rows of each table one sweep deletes at most. Default: 10,000. Range: 1 to 1,000,000.</summary>
    public int MostRows { get; set; } = 10_000;
}

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
internal sealed class SweepOptionsValidator : IValidateOptions<SweepOptions>
{
    public ValidateOptionsResult Validate(string? name, SweepOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        Check(nameof(SweepOptions.KeepDays), options.KeepDays, 3650, "days");
        Check(nameof(SweepOptions.MostRuns), options.MostRuns, 10_000, "runs");
        Check(nameof(SweepOptions.MostRows), options.MostRows, 1_000_000, "rows");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, int value, int most, string unit)
        {
            if (value < 1 || value > most)
            {
                failures.Add($"{SweepOptions.Section}:{setting} is {value}. Set it from 1 to {most} {unit}.");
            }
        }
    }
}
