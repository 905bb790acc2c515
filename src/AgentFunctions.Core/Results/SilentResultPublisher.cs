using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Results;

/// <summary>Publishes nowhere, for hosts without a topic, and says so once.</summary>
/// <param name="logger">Where it says so.</param>
public sealed partial class SilentResultPublisher(ILogger<SilentResultPublisher> logger) : IResultPublisher
{
    private int said;

    /// <inheritdoc/>
    public Task PublishAsync(ResultEvent resultEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resultEvent);
        if (Interlocked.Exchange(ref said, 1) == 0)
        {
            LogNowhere(resultEvent.Type, resultEvent.Subject);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "This host has no topic to publish results to, so {Type} of run {InstanceId} and all later results are not published; this is said once. Register an IResultPublisher to publish them.")]
    private partial void LogNowhere(string type, string instanceId);
}
