using System.Collections.Concurrent;
using AgentFunctions.Core.Results;

namespace AgentFunctions.App.Tests.ServiceBus;

/// <summary>Keeps what was published; the first <paramref name="failures"/> times it fails instead.</summary>
internal sealed class AnnouncedResults(int failures = 0) : IResultPublisher
{
    private int left = failures;

    public ConcurrentQueue<ResultEvent> Events { get; } = [];

    public Task PublishAsync(ResultEvent resultEvent, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref left) >= 0)
            throw new IOException("The topic is away.");
        Events.Enqueue(resultEvent);
        return Task.CompletedTask;
    }
}
