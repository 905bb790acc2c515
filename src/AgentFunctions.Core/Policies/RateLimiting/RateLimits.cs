using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Policies.RateLimiting;

/// <summary>What a deployment allows, and how permits for it are dealt out.</summary>
public sealed record RateLimits
{
    /// <summary>Calls a minute, up to 10,000,000; 0 is no limit. Default: 0.</summary>
    public double RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute, in and out, up to 10,000,000,000; 0 is no limit. Default: 0.</summary>
    public double TokensPerMinute { get; init; }

    /// <summary>
    /// The time whose share of the limit may come at once, 1 s to 1 minute: providers refuse bursts within a minute that is not used up, as they look at shorter times
    /// (Azure OpenAI: 1 or 10 s, "Manage Azure OpenAI quota"). Default: 10 s.
    /// </summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its start a permit may be used, 100 ms up to <see cref="Burst"/>. What is not used by then is lost. Default: 5 s.</summary>
    public TimeSpan UseWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether there is a limit at all.</summary>
    [JsonIgnore]
    public bool Any => RequestsPerMinute > 0 || TokensPerMinute > 0;

    /// <summary>The settings that are out of range, each with its value and what it may be.</summary>
    /// <param name="name">What the limits are of, for messages.</param>
    public IEnumerable<string> Errors(string name)
    {
        if (RequestsPerMinute is not (>= 0 and <= 10_000_000)) yield return $"{name}:RequestsPerMinute is {RequestsPerMinute}. Set it to between 0 (no limit) and 10,000,000.";
        if (TokensPerMinute is not (>= 0 and <= 10_000_000_000)) yield return $"{name}:TokensPerMinute is {TokensPerMinute}. Set it to between 0 (no limit) and 10,000,000,000.";
        if (Burst < TimeSpan.FromSeconds(1) || Burst > TimeSpan.FromMinutes(1)) yield return $"{name}:Burst is {Burst}. Set it to between 00:00:01 and 00:01:00.";
        if (UseWithin < TimeSpan.FromMilliseconds(100) || UseWithin > Burst) yield return $"{name}:UseWithin is {UseWithin}. Set it to between 00:00:00.1 and Burst, which is {Burst}.";
    }
}
