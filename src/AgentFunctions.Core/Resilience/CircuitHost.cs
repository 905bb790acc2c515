using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Resilience;

/// <summary>What the circuits of a worker have in common.</summary>
internal sealed partial class CircuitHost(string worker, ICircuitShare share, TimeSpan every, TimeProvider time, Func<double> draw, ResilienceMetrics metrics, ILogger logger)
{
    private readonly DateTimeOffset began = time.GetUtcNow();
    private readonly long start = time.GetTimestamp();
    private int hasSaidAlone;

    /// <summary>The worker's name, unlike that of every other and of its own earlier lives.</summary>
    public string Worker => worker;

    /// <summary>Where circuits are shared.</summary>
    public ICircuitShare Share => share;

    /// <summary>How often a worker looks what others know.</summary>
    public TimeSpan Every => every;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The time by a clock that only goes forward, whatever is done to the computer's.</summary>
    public DateTimeOffset Now => began + time.GetElapsedTime(start);

    /// <summary>Counts what happens.</summary>
    public ResilienceMetrics Metrics => metrics;

    /// <summary>Hears what happens.</summary>
    public ILogger Logger => logger;

    /// <summary>A random number, 0 inclusive to 1 exclusive.</summary>
    public double Draw() => draw();

    /// <summary>Says, once, that this worker's circuits are its own.</summary>
    public void NoteAlone()
    {
        if (Volatile.Read(ref hasSaidAlone) == 0 && Interlocked.Exchange(ref hasSaidAlone, 1) == 0) LogAlone();
    }

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "This host has no engine's client, or none yet, to share circuit breakers by: each worker finds out by itself what is broken.")]
    private partial void LogAlone();
}
