using AgentFunctions.App.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Sdk;

/// <summary>Takes tasks from the queue that the setting AgentTasksQueue names; the only file that knows the messages of Azure.Messaging.ServiceBus.</summary>
/// <param name="tasks">What to do with them.</param>
public sealed class ServiceBusTrigger(ServiceBusTasks tasks)
{
    /// <summary>The connection's setting: <c>ServiceBusConnection__fullyQualifiedNamespace</c> in Azure, a connection string on a developer's machine.</summary>
    public const string Connection = "ServiceBusConnection";

    /// <summary>Starts the run that a message asks for, and settles the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="actions">What settles it.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="cancellationToken">Fires when the worker stops.</param>
    [Function("StartRunFromQueue")]
    public Task StartRunFromQueue(
        [ServiceBusTrigger("%AgentTasksQueue%", Connection = Connection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        tasks.HandleAsync(Translate(message), new Actions(message, actions), client, cancellationToken);

    private static AgentTaskMessage Translate(ServiceBusReceivedMessage message) => new()
    {
        MessageId = message.MessageId,
        Body = BodyOf(message),
        ContentType = message.ContentType,
        Subject = message.Subject,
        ApplicationProperties = message.ApplicationProperties,
        EnqueuedAt = EnqueuedAtOf(message),
        DeliveryCount = message.DeliveryCount,
    };

    private static DateTimeOffset? EnqueuedAtOf(ServiceBusReceivedMessage message)
    {
        // The SDK's word for a message whose broker said nothing.
        return message.EnqueuedTime > DateTimeOffset.UnixEpoch ? message.EnqueuedTime : null;
    }

    private static ReadOnlyMemory<byte>? BodyOf(ServiceBusReceivedMessage message)
    {
        try
        {
            return message.Body.ToMemory();
        }
        catch (NotSupportedException)
        {
            // The SDK's word for a body that is an AMQP value or sequence.
            return null;
        }
    }

    private sealed class Actions(ServiceBusReceivedMessage message, ServiceBusMessageActions actions) : ISettlement
    {
        public Task CompleteAsync(CancellationToken cancellationToken) => actions.CompleteMessageAsync(message, cancellationToken);

        public Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken) =>
            actions.DeadLetterMessageAsync(message, propertiesToModify: null, reason, description, cancellationToken);

        public Task AbandonAsync(IReadOnlyDictionary<string, object> properties, CancellationToken cancellationToken) =>
            actions.AbandonMessageAsync(message, new Dictionary<string, object>(properties, StringComparer.Ordinal), cancellationToken);
    }
}
