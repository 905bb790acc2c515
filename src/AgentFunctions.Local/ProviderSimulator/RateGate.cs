using System.Globalization;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Lets requests in or tells them when to come back: requests and tokens per minute, with the headers that OpenAI sends.</summary>
internal sealed class RateGate(ProviderSimulatorOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly MinuteBucket requests = new(options.RequestsPerMinute, time, options.BurstSeconds);
    private readonly MinuteBucket tokens = new(options.TokensPerMinute, time, options.BurstSeconds);

    /// <summary>Lets a request in and charges it, or says what refuses it.</summary>
    /// <param name="amount">Its tokens, as far as they are known: the prompt's, and the longest answer that it asks for.</param>
    /// <returns>Null, or the refusal.</returns>
    public Refusal? Enter(int amount)
    {
        lock (gate)
        {
            var forRequests = requests.WaitFor(1);
            if (forRequests is not { Ticks: 0 }) return new Refusal("requests", forRequests, requests.PerMinute, 1);
            var forTokens = tokens.WaitFor(amount);
            if (forTokens is not { Ticks: 0 }) return new Refusal("tokens", forTokens, tokens.PerMinute, amount);
            requests.Take(1);
            tokens.Take(amount);
            return null;
        }
    }

    /// <summary>Charges what turned out only later.</summary>
    public void Charge(int amount)
    {
        lock (gate) tokens.Take(amount);
    }

    /// <summary>Sets x-ratelimit-* on a response.</summary>
    public void WriteHeaders(IHeaderDictionary headers)
    {
        lock (gate)
        {
            Write(headers, "requests", requests);
            Write(headers, "tokens", tokens);
        }
    }

    private static void Write(IHeaderDictionary headers, string kind, MinuteBucket bucket)
    {
        if (bucket.PerMinute == 0) return;
        headers[$"x-ratelimit-limit-{kind}"] = bucket.PerMinute.ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-remaining-{kind}"] = Math.Floor(bucket.Left).ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-reset-{kind}"] = $"{Math.Ceiling(bucket.FullIn.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}ms";
    }
}

/// <summary>Why a request was not let in.</summary>
/// <param name="Kind">Which limit: requests or tokens.</param>
/// <param name="RetryAfter">When it would be; null when it asks for more than a minute's worth.</param>
/// <param name="Limit">The limit per minute.</param>
/// <param name="Requested">What the request needs of it.</param>
internal sealed record Refusal(string Kind, TimeSpan? RetryAfter, int Limit, int Requested);
