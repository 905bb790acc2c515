using System.Globalization;
using AgentFunctions.Api.Admission;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// How long the result of a message is of use: the application property <c>deadline</c>, written as over HTTP. It counts from when the queue took the message, so that what it
/// waited there, was held or was given back is a part of it.
/// </summary>
internal static class MessageDeadline
{
    /// <summary>The reason of a dead letter whose result would come too late. Over HTTP it has no name of its own: there the caller is told to come back.</summary>
    public const string Missed = "deadline-missed";

    /// <summary>The deadline that the message names, or null where it names none.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static TimeSpan? Read(AgentTaskMessage message) =>
        StartDeadline.Of(TextOf(message), (name, fault, rule) => new ProblemException(ProblemKind.InvalidRequest, $"The message's property '{name}' {fault}. {rule}"));

    /// <summary>How much of it is left, below zero where it is over; null where there is none.</summary>
    /// <param name="deadline">The deadline, or null.</param>
    /// <param name="message">The message.</param>
    /// <param name="now">The time.</param>
    public static TimeSpan? Left(TimeSpan? deadline, AgentTaskMessage message, DateTimeOffset now)
    {
        // By two machines' clocks, which may differ: nothing is older than it is.
        var age = message.EnqueuedAt is { } at && at < now ? now - at : TimeSpan.Zero;
        return deadline - age;
    }

    /// <summary>The dead letter of a message whose result would come too late.</summary>
    /// <param name="deadline">The whole deadline.</param>
    /// <param name="left">How much of it is left.</param>
    /// <param name="verdict">What it was decided by.</param>
    public static Disposition.DeadLetter TooLate(TimeSpan deadline, TimeSpan left, ShedVerdict verdict)
    {
        var rest = left > TimeSpan.Zero ? $"{Refusal.Seconds(left)} of them are left, and {Refusal.Forecasts(verdict)}" : $"they were over {Refusal.Seconds(-left)} ago";
        return new Disposition.DeadLetter(Missed, BrokerText.Cut($"The result would come too late: the message's deadline is {Refusal.Seconds(deadline)} after the queue took it; {rest}. Nothing was started. Where the work is still of use, send it again with a longer '{StartDeadline.Name}' or without one."));
    }

    private static string? TextOf(AgentTaskMessage message) => message.ApplicationProperties.GetValueOrDefault(StartDeadline.Name) switch
    {
        null => null,
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
