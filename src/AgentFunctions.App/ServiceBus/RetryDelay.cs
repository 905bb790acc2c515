using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.ServiceBus;

/// <summary>How long a message is held before it is given back: 1 s at first, twice as long each time, or what the other side asked for; at most 30 s, half of a message's default lock.</summary>
internal static class RetryDelay
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    public static TimeSpan Of(int deliveryCount, Exception? exception = null)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(deliveryCount - 1, 0, 10));
        var asked = (exception as ThrottledException)?.RetryAfter ?? TimeSpan.Zero;
        var delay = asked > doubled ? asked : doubled;
        return delay < Most ? delay : Most;
    }
}
