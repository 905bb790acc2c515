using System.Globalization;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Api.Admission;

/// <summary>A refusal in words: for the caller of the HTTP contract, and for the property of a message that is given back.</summary>
internal static class Refusal
{
    public static ProblemException Of(ShedVerdict verdict, TimeSpan? deadline, AdmissionOptions options) =>
        new(ProblemKind.Throttled, Describe(verdict, deadline, options)) { RetryAfter = verdict.RetryAfter };

    public static string Describe(ShedVerdict verdict, TimeSpan? deadline, AdmissionOptions options)
    {
        var lane = verdict.Lane.ToString().ToLowerInvariant();
        var bounds = options.Rules.Of(verdict.Lane);
        return verdict.Reason switch
        {
            ShedReason.Starting => Text($"Too many starts are under way for one more of lane {lane}. Nothing was started. {ComeBack(verdict)}"),
            ShedReason.Deadline => Text($"The result would come too late: the deadline is {Seconds(deadline ?? TimeSpan.Zero)} from now, and {Forecasts(verdict)}. Nothing was started. Allow more time, or come back in {Seconds(verdict.RetryAfter)}."),
            ShedReason.Queue => Text($"Lane {lane} is full: {verdict.Ahead} activities are ahead of a new run, and its bound is {bounds.Queue} for each place. {Forecast(verdict)} Nothing was started. {ComeBack(verdict)}"),
            ShedReason.Wait => Text($"Lane {lane} is full: the first activity of a new run would wait {Seconds(verdict.Wait)} for a place ({verdict.Ahead} are ahead of it), and the bound is {Seconds(bounds.Wait)}. Nothing was started. {ComeBack(verdict)}"),
            ShedReason.ModelWait => Text($"Lane {lane} is full: a model call of a new run would wait {Seconds(verdict.ModelWait)} for its turn under its deployment's limits, and the bound is {Seconds(bounds.ModelWait)}. Nothing was started. {ComeBack(verdict)}"),
            _ => throw new ArgumentException("What was let in has no refusal.", nameof(verdict)),
        };
    }

    /// <summary>All that a run's end is reckoned from.</summary>
    public static string Forecasts(ShedVerdict verdict) => Text($"the run's first activity would wait {Seconds(verdict.Wait)} for a place ({verdict.Ahead} are ahead of it), a model call {Seconds(verdict.ModelWait)}{RunTime(verdict)}");

    /// <summary>A time in words.</summary>
    public static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.#} s");

    private static string Forecast(ShedVerdict verdict) => verdict.Wait > TimeSpan.Zero ? $"It would wait about {Seconds(verdict.Wait)}." : "How long it would wait is not known.";

    private static string RunTime(ShedVerdict verdict) => verdict.RunTime > TimeSpan.Zero ? $", and runs of this orchestrator take about {Seconds(verdict.RunTime)}" : "";

    private static string ComeBack(ShedVerdict verdict) => $"Come back in {Seconds(verdict.RetryAfter)}.";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
