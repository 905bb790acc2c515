using System.Globalization;
using AgentFunctions.Api;
using AgentFunctions.Api.Admission;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Shedding;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// Starts the run that a message asks for, or invalidates what it names, and says what becomes of the message. The instance ID comes from the message's ID, so a redelivery
/// finds the run that is there; the input is checked as the HTTP contract checks it, in the same words.
/// </summary>
internal sealed partial class AgentTaskProcessor(ApiEnvironment environment, TimeProvider time, ILogger<AgentTaskProcessor> logger)
{
    private readonly MessageHold hold = new(environment.Admission, time);

    /// <summary>The property of an abandoned message that says why: the broker dead-letters it with its own reason in the end.</summary>
    public const string FailureProperty = "agentfunctions-failure";

    /// <summary>The most characters of <see cref="FailureProperty"/>.</summary>
    public const int MostFailureCharacters = 1024;

    /// <summary>Processes a message. Nothing is thrown: every failure is a disposition.</summary>
    public async Task<Disposition> ProcessAsync(AgentTaskMessage message, IRunClient runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var activity = MessageTrace.Start(message);
        if (environment.Host.Draining)
        {
            // Another worker takes it. Not at once: as long as the Functions host goes on asking, this very worker is given it again, and ten times of that make a dead letter.
            return new Disposition.Abandon(new Dictionary<string, object>(StringComparer.Ordinal) { [FailureProperty] = "The worker was stopping." }, RetryDelay.Of(message.DeliveryCount));
        }

        try
        {
            return InvalidationMessage.TryRead(message, environment) is { } what
                ? new Disposition.Invalidated((await new SteerCache(environment).InvalidateAsync(what, cancellationToken)).Invalidated)
                : await StartAsync(message, runs, cancellationToken);
        }
        catch (Exception exception)
        {
            var disposition = Failed(message, exception);
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, exception.Message);
            return disposition;
        }
    }

    private async Task<Disposition> StartAsync(AgentTaskMessage message, IRunClient runs, CancellationToken cancellationToken)
    {
        var task = AgentTask.Read(message, environment.Options);
        var starter = new RunStarter(environment, runs);
        var registration = starter.Find(task.Orchestrator);
        RunInput.Check(registration, task.Body, environment.Catalog.Json);
        var start = new RunStart(registration, task.Body, new StartOptions { InstanceId = task.InstanceId, Priority = task.Priority, Budget = task.Budget }, $"MessageId '{Api.Requests.Shown.Of(message.MessageId!)}'");
        var left = MessageDeadline.Left(task.Deadline, message, time.GetUtcNow());
        var (pass, verdict) = environment.Admission.Ask(task.Priority, registration.Name, left);
        if (pass is null)
        {
            if (await starter.FindRunAsync(start, cancellationToken) is { } existing) return new Disposition.Complete(existing);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, environment.Host.DrainToken);
            (pass, verdict, left) = await hold.WaitAsync(task.Priority, registration.Name, left, verdict, stopping.Token);
        }

        using (pass)
        {
            if (pass is null && verdict.IsTooLate) return Dead(message, MessageDeadline.TooLate(task.Deadline!.Value, left!.Value, verdict));
            if (pass is null && GivesBack(message, verdict) is { } back) return back;

            // One that was held is not given up for a worker that stops: each time that it is given back counts.
            return new Disposition.Complete((await starter.StartAsync(start, pass is null ? CancellationToken.None : cancellationToken)).InstanceId);
        }
    }

    /// <summary>What was held in vain goes back, as another worker may have room; but not so often that it would end as a dead letter: then it is started for all the load.</summary>
    private Disposition.Abandon? GivesBack(AgentTaskMessage message, ShedVerdict verdict)
    {
        var options = environment.Admission.Options;
        var why = Refusal.Describe(verdict, deadline: null, options);
        if (message.DeliveryCount >= options.StartHeldFrom)
        {
            LogStartedLoaded(message.MessageId, message.DeliveryCount, why);
            return null;
        }

        LogGivenBack(message.MessageId, message.DeliveryCount, why);
        return new Disposition.Abandon(new Dictionary<string, object>(StringComparer.Ordinal) { [FailureProperty] = BrokerText.Cut($"Throttled: {why}", MostFailureCharacters) }, TimeSpan.Zero);
    }

    private Disposition Failed(AgentTaskMessage message, Exception exception)
    {
        if (exception is ProblemException { Kind.Status: < 500 and not 429 } problem)
        {
            return Dead(message, new Disposition.DeadLetter(problem.Kind.Anchor, BrokerText.Cut(Describe(problem))));
        }

        var delay = RetryDelay.Of(message.DeliveryCount, exception);
        LogAbandoned(exception, message.MessageId, message.DeliveryCount, delay);
        return new Disposition.Abandon(new Dictionary<string, object>(StringComparer.Ordinal) { [FailureProperty] = BrokerText.Cut($"{exception.GetType().Name}: {exception.Message}", MostFailureCharacters) }, delay);
    }

    private Disposition.DeadLetter Dead(AgentTaskMessage message, Disposition.DeadLetter dead)
    {
        LogDeadLettered(message.MessageId, dead.Reason, dead.Description);
        return dead;
    }

    /// <summary>All that is wrong, not the first alone: a dead letter is read by a person, once.</summary>
    private static string Describe(ProblemException problem) => problem.Errors is not { Count: > 1 } errors
        ? problem.Message
        : string.Create(CultureInfo.InvariantCulture, $"{problem.Message} All {errors.Count}: {string.Join("; ", errors.Select(e => $"{e.Key}: {string.Join(" ", e.Value)}"))}");

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Message {MessageId} can't succeed any more and goes to the dead letters as {Reason}: {Description}")]
    private partial void LogDeadLettered(string? messageId, string reason, string description);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "Message {MessageId} was held as long as it may be on delivery {DeliveryCount} and is started for all the load, as each time that it is given back counts towards the dead letters: {Why}")]
    private partial void LogStartedLoaded(string? messageId, int deliveryCount, string why);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "Message {MessageId} found no room on delivery {DeliveryCount} and is given back: {Why}")]
    private partial void LogGivenBack(string? messageId, int deliveryCount, string why);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "Message {MessageId} failed on delivery {DeliveryCount}; it is given back in {Delay}.")]
    private partial void LogAbandoned(Exception exception, string? messageId, int deliveryCount, TimeSpan delay);
}
