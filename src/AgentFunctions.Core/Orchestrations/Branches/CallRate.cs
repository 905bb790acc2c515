namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>How many calls may start a minute, over all runs of a tenant that use the same name.</summary>
public sealed record CallRate
{
    /// <summary>The most calls a minute: 100,000.</summary>
    public const double Most = 100_000;

    /// <summary>The least calls a minute: 0.1, one in ten minutes.</summary>
    public const double Least = 0.1;

    /// <summary>A name for what is called, 1 to 100 characters without control characters. Runs that use one name share its calls, so they should say the same rate: each reckons with its own.</summary>
    public required string Name { get; init; }

    /// <summary>Calls a minute, 0.1 to 100,000. The share of 10 seconds may come at once, and at least one.</summary>
    public required double PerMinute { get; init; }

    /// <summary>What is wrong with it, or null where nothing is.</summary>
    internal string? Fault() =>
        string.IsNullOrWhiteSpace(Name) || Name.Length > 100 || Name.Any(char.IsControl) ? $"{nameof(Name)} is '{Name}'. It must be 1 to 100 characters, not all of them blank, without control characters."
        : PerMinute is not (>= Least and <= Most) ? $"{nameof(PerMinute)} is {PerMinute}. It must be 0.1 to 100,000."
        : null;
}
