namespace AgentFunctions.Core.Results;

/// <summary>Makes events known to whoever listens: a Service Bus topic in Azure.</summary>
public interface IResultPublisher
{
    /// <summary>Publishes an event. Publishing one with the same ID again may reach a listener again, unless the other side drops repeats.</summary>
    /// <param name="resultEvent">The event.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task PublishAsync(ResultEvent resultEvent, CancellationToken cancellationToken);
}

/// <summary>A CloudEvent in structured JSON.</summary>
/// <param name="Id">Its <c>id</c>, at most 128 characters: what repeats are told by.</param>
/// <param name="Type">Its <c>type</c>, for filters.</param>
/// <param name="Subject">Its <c>subject</c>: the run.</param>
/// <param name="Body">The whole event as UTF-8 JSON.</param>
public sealed record ResultEvent(string Id, string Type, string Subject, ReadOnlyMemory<byte> Body)
{
    /// <summary>The media type of <see cref="Body"/>: CloudEvents' JSON format, section 3.</summary>
    public const string ContentType = "application/cloudevents+json; charset=utf-8";
}
