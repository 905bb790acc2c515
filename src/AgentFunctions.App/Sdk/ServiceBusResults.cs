using AgentFunctions.Core.Results;
using Azure.Messaging.ServiceBus;

namespace AgentFunctions.App.Sdk;

/// <summary>Publishes results to a Service Bus topic. A message's ID is its event's, so a topic with duplicate detection drops repeats.</summary>
internal sealed class ServiceBusResults(ServiceBusClient client, string topic) : IResultPublisher, IAsyncDisposable
{
    private readonly ServiceBusSender sender = client.CreateSender(topic);

    /// <summary>The client of a namespace that knows callers by their identity.</summary>
    public static ServiceBusClient Connect(string fullyQualifiedNamespace, Azure.Core.TokenCredential credential) => new(fullyQualifiedNamespace, credential);

    /// <summary>The client of a local emulator.</summary>
    public static ServiceBusClient Connect(string connectionString) => new(connectionString);

    public Task PublishAsync(ResultEvent resultEvent, CancellationToken cancellationToken) =>
        sender.SendMessageAsync(
            new ServiceBusMessage(resultEvent.Body)
            {
                MessageId = resultEvent.Id,
                Subject = resultEvent.Type,
                CorrelationId = resultEvent.Subject,
                ContentType = ResultEvent.ContentType,
            },
            cancellationToken);

    public ValueTask DisposeAsync() => sender.DisposeAsync();
}
