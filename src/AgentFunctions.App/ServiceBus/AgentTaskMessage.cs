namespace AgentFunctions.App.ServiceBus;

/// <summary>A message of the queue <c>agent-tasks</c>, without a word of any client library: an orchestrator's input as JSON, or an invalidation of the cache.</summary>
internal sealed record AgentTaskMessage
{
    /// <summary>The application property that names the orchestrator, where the subject does not.</summary>
    public const string OrchestratorProperty = "orchestrator";

    /// <summary>The application property that names the lane.</summary>
    public const string PriorityProperty = "priority";

    /// <summary>The application property that names the tenant whose run it is, or whose entries are invalidated.</summary>
    public const string TenantProperty = "tenant";

    /// <summary>What the sender named the message. The run's instance ID comes from it.</summary>
    public string? MessageId { get; init; }

    /// <summary>The body, or null where it is not of bytes (an AMQP value or sequence).</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The body's media type, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>The orchestrator's name, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>The sender's properties.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>When the queue took the message, by the broker's clock; null where it does not say.</summary>
    public DateTimeOffset? EnqueuedAt { get; init; }

    /// <summary>How many times the message has been delivered, this time included.</summary>
    public int DeliveryCount { get; init; } = 1;

    /// <summary>A property that is text and not empty, or null.</summary>
    public string? Text(string property) => ApplicationProperties.GetValueOrDefault(property) is string { Length: > 0 } text ? text : null;
}
