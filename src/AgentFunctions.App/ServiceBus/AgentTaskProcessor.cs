using System.Globalization;
using AgentFunctions.Api;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Runs;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// Starts the run that a message asks for, or invalidates what it names, and says what becomes of the message. The instance ID comes from the message's ID, so a redelivery
/// finds the run that is there; the input is checked as the HTTP contract checks it, in the same words.
/// </summary>
internal sealed partial class AgentTaskProcessor(ApiEnvironment environment, ILogger<AgentTaskProcessor> logger)
{
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
            // Another worker takes it at once; this one would begin what it can't see through.
            return new Disposition.Abandon(new Dictionary<string, object>(StringComparer.Ordinal) { [FailureProperty] = "The worker was stopping." }, TimeSpan.Zero);
        }

        try
        {
            return InvalidationMessage.TryRead(message, environment) is { } what
                ? new Disposition.Invalidated((await new SteerCache(environment).InvalidateAsync(what, cancellationToken)).Invalidated)
                : new Disposition.Complete(await StartAsync(message, runs, cancellationToken));
        }
        catch (Exception exception)
        {
            var disposition = Failed(message, exception);
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, exception.Message);
            return disposition;
        }
    }

    private async Task<string> StartAsync(AgentTaskMessage message, IRunClient runs, CancellationToken cancellationToken)
    {
        var task = AgentTask.Read(message, environment.Options);
        var starter = new RunStarter(environment, runs);
        var registration = starter.Find(task.Orchestrator);
        var input = await RunInput.PrepareAsync(registration, task.Body, environment.Catalog.Json, environment.Content, cancellationToken);
        return await starter.StartAsync(registration, input, new StartOptions { InstanceId = task.InstanceId, Priority = task.Priority }, $"MessageId '{Api.Requests.Shown.Of(message.MessageId!)}'", cancellationToken);
    }

    private Disposition Failed(AgentTaskMessage message, Exception exception)
    {
        if (exception is ProblemException { Kind.Status: < 500 and not 429 } problem)
        {
            LogDeadLettered(message.MessageId, problem.Kind.Anchor, problem.Message);
            return new Disposition.DeadLetter(problem.Kind.Anchor, BrokerText.Cut(Describe(problem)));
        }

        var delay = RetryDelay.Of(message.DeliveryCount, exception);
        LogAbandoned(exception, message.MessageId, message.DeliveryCount, delay);
        return new Disposition.Abandon(new Dictionary<string, object>(StringComparer.Ordinal) { [FailureProperty] = BrokerText.Cut($"{exception.GetType().Name}: {exception.Message}", MostFailureCharacters) }, delay);
    }

    /// <summary>All that is wrong, not the first alone: a dead letter is read by a person, once.</summary>
    private static string Describe(ProblemException problem) => problem.Errors is not { Count: > 1 } errors
        ? problem.Message
        : string.Create(CultureInfo.InvariantCulture, $"{problem.Message} All {errors.Count}: {string.Join("; ", errors.Select(e => $"{e.Key}: {string.Join(" ", e.Value)}"))}");

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Message {MessageId} can never succeed and goes to the dead letters as {Reason}: {Description}")]
    private partial void LogDeadLettered(string? messageId, string reason, string description);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "Message {MessageId} failed on delivery {DeliveryCount}; it is given back in {Delay}.")]
    private partial void LogAbandoned(Exception exception, string? messageId, int deliveryCount, TimeSpan delay);
}
