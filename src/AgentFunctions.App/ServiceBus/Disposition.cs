using AgentFunctions.Core.Caching;

namespace AgentFunctions.App.ServiceBus;

/// <summary>What becomes of a message.</summary>
internal abstract record Disposition
{
    private Disposition()
    {
    }

    /// <summary>It has done its work.</summary>
    /// <param name="InstanceId">The run.</param>
    internal sealed record Complete(string InstanceId) : Disposition;

    /// <summary>It has invalidated entries of the cache: no worker serves them any more.</summary>
    /// <param name="What">Which entries.</param>
    internal sealed record Invalidated(CacheInvalidation What) : Disposition;

    /// <summary>It can never succeed, or no more in time.</summary>
    /// <param name="Reason">The kind of problem, as docs/http-api.md names it: <c>invalid-input</c>; or <see cref="MessageDeadline.Missed"/>.</param>
    /// <param name="Description">What was wrong, where, and what to do; at most <see cref="BrokerText.Most"/> characters, as is the reason.</param>
    internal sealed record DeadLetter(string Reason, string Description) : Disposition;

    /// <summary>It may succeed later. The broker counts deliveries and ends the retries.</summary>
    /// <param name="Properties">What the message is to say of its last failure.</param>
    /// <param name="Delay">How long to hold it before it is given back; without that, all deliveries would be spent in a second of outage.</param>
    internal sealed record Abandon(IReadOnlyDictionary<string, object> Properties, TimeSpan Delay) : Disposition;
}

/// <summary>Texts as the broker takes them.</summary>
internal static class BrokerText
{
    /// <summary>The most characters of a reason or a description.</summary>
    public const int Most = 4096;

    /// <summary>The text, or its start where it is too long.</summary>
    public static string Cut(string text, int most = Most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
