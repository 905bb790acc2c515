using System.Globalization;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Api.Admission;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class AdmissionOptionsValidation : IValidateOptions<AdmissionOptions>
{
    private const double MostQueue = 10_000;
    private const int LeastStarting = 4;
    private const int MostStarting = 100_000;
    private const int MostDeliveries = 10;
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan LeastRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostRetry = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostHold = TimeSpan.FromSeconds(270);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(AdmissionOptions options) =>
    [
        .. OfLane(nameof(options.Interactive), options.Interactive),
        .. OfLane(nameof(options.Workflow), options.Workflow),
        .. OfLane(nameof(options.Background), options.Background),
        .. Above(nameof(options.Workflow), options.Workflow, nameof(options.Interactive), options.Interactive),
        .. Above(nameof(options.Background), options.Background, nameof(options.Workflow), options.Workflow),
        .. Check(options.ResumeAt is >= 0.1 and <= 1, nameof(options.ResumeAt), options.ResumeAt, "from 0.1 to 1"),
        .. Check(options.MaxStarting is >= LeastStarting and <= MostStarting, nameof(options.MaxStarting), options.MaxStarting, $"from {LeastStarting} to {MostStarting}"),
        .. Check(options.MaxRetryAfter >= LeastRetry && options.MaxRetryAfter <= MostRetry, nameof(options.MaxRetryAfter), options.MaxRetryAfter, $"from {LeastRetry} to {MostRetry}"),
        .. Check(options.RetrySpread >= TimeSpan.Zero && options.RetrySpread <= options.MaxRetryAfter / 2, nameof(options.RetrySpread), options.RetrySpread, $"from 00:00:00 to half of {nameof(options.MaxRetryAfter)}, {options.MaxRetryAfter / 2}"),
        .. Check(options.HoldMessages >= TimeSpan.Zero && options.HoldMessages <= MostHold, nameof(options.HoldMessages), options.HoldMessages, $"from 00:00:00 to {MostHold}, as the lock of a message is renewed for 5 minutes"),
        .. Check(options.StartHeldFrom is >= 1 and <= MostDeliveries, nameof(options.StartHeldFrom), options.StartHeldFrom, $"from 1 to {MostDeliveries}"),
    ];

    private static IEnumerable<string> OfLane(string lane, LaneAdmission bounds) =>
    [
        .. Check(bounds.Queue is > 0 and <= MostQueue, $"{lane}:{nameof(bounds.Queue)}", bounds.Queue, $"above 0, to {MostQueue}"),
        .. Check(bounds.Wait >= LeastWait && bounds.Wait <= MostWait, $"{lane}:{nameof(bounds.Wait)}", bounds.Wait, $"from {LeastWait} to {MostWait}"),
        .. Check(bounds.ModelWait >= LeastWait && bounds.ModelWait <= MostWait, $"{lane}:{nameof(bounds.ModelWait)}", bounds.ModelWait, $"from {LeastWait} to {MostWait}"),
    ];

    /// <summary>What is shed first must be full first, or a lane that is kept longer would be refused before it.</summary>
    private static IEnumerable<string> Above(string lane, LaneAdmission bounds, string other, LaneAdmission kept) =>
    [
        .. Check(bounds.Queue <= kept.Queue, $"{lane}:{nameof(bounds.Queue)}", bounds.Queue, Text($"to at most {other}:{nameof(bounds.Queue)}, {kept.Queue}")),
        .. Check(bounds.Wait <= kept.Wait, $"{lane}:{nameof(bounds.Wait)}", bounds.Wait, $"to at most {other}:{nameof(bounds.Wait)}, {kept.Wait}"),
        .. Check(bounds.ModelWait <= kept.ModelWait, $"{lane}:{nameof(bounds.ModelWait)}", bounds.ModelWait, $"to at most {other}:{nameof(bounds.ModelWait)}, {kept.ModelWait}"),
    ];

    private static IEnumerable<string> Check(bool fits, string setting, object value, string range) =>
        fits ? [] : [Text($"{AdmissionOptions.Section}:{setting} is {value}. Set it {range}.")];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
