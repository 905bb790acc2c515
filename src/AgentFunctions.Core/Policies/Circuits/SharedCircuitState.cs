namespace AgentFunctions.Core.Policies.Circuits;

/// <summary>What all workers know together of something that may break.</summary>
public sealed record SharedCircuitState
{
    /// <summary>Grows with each opening and closing. What a worker tells names the version that it knows; an older one comes too late and changes nothing.</summary>
    public long Version { get; init; }

    /// <summary>Whether it is broken.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Since when it has been broken, by the entity's clock; null while it is not.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it may be tried again, by the entity's clock; null while it is not broken.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>How long the break is that ends then: no worker waits longer, whatever its clock says.</summary>
    public TimeSpan Break { get; init; }

    /// <summary>How often it has opened without a long quiet time between.</summary>
    public int Openings { get; init; }

    /// <summary>When it last closed, by the entity's clock.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How often it has opened in all.</summary>
    public long Opened { get; init; }

    /// <summary>How many failures led to it, in all.</summary>
    public long Failures { get; init; }

    /// <summary>What kind of failure the last one was; null where none was told.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Who may try it now; null for nobody.</summary>
    public CircuitProbe? Probe { get; init; }

    /// <summary>The answer to each worker's last question for a probe in this version: where a worker reads it.</summary>
    public IReadOnlyDictionary<string, CircuitAnswer> Answers { get; init; } = new Dictionary<string, CircuitAnswer>(StringComparer.Ordinal);

    /// <summary>How long until it may be tried again, by a clock; zero where it may now or is not broken.</summary>
    /// <param name="now">The time.</param>
    public TimeSpan Wait(DateTimeOffset now)
    {
        var wait = (OpenUntil ?? now) - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Break ? wait : Break;
    }
}

/// <summary>The right to try something that is broken.</summary>
/// <param name="Worker">Whose it is.</param>
/// <param name="Number">The question that it answers.</param>
/// <param name="Until">When another may have it, by the entity's clock.</param>
public sealed record CircuitProbe(string Worker, long Number, DateTimeOffset Until);

/// <summary>An answer to a worker's question.</summary>
/// <param name="Number">Which question.</param>
/// <param name="Granted">Whether the worker may try.</param>
/// <param name="Wait">After how long asking again makes sense, where it may not.</param>
public sealed record CircuitAnswer(long Number, bool Granted, TimeSpan Wait);

/// <summary>What a worker tells.</summary>
public enum CircuitNews
{
    /// <summary>It keeps failing, or the probe has failed.</summary>
    Opened,

    /// <summary>The worker asks to try it.</summary>
    AsksToProbe,

    /// <summary>The probe was answered: it works again.</summary>
    Closed,

    /// <summary>The worker did not try it after all.</summary>
    Released,
}

/// <summary>A worker's news of something that may break.</summary>
public sealed record CircuitTell
{
    /// <summary>The worker's name, 1 to 200 characters.</summary>
    public required string Worker { get; init; }

    /// <summary>What it tells.</summary>
    public required CircuitNews News { get; init; }

    /// <summary>The version that it knows.</summary>
    public required long Version { get; init; }

    /// <summary>For a probe: the number of the question, above that of the worker's last one.</summary>
    public long Number { get; init; }

    /// <summary>How long breaks and leases are, as the worker's settings say.</summary>
    public required CircuitSettings Settings { get; init; }

    /// <summary>For an opening: how many calls failed.</summary>
    public int Failures { get; init; }

    /// <summary>For an opening: what kind of failure the last one was. A type's name and no message, which might be one tenant's.</summary>
    public string? LastFailure { get; init; }

    /// <summary>For an opening: a random number, 0 inclusive to 1 exclusive, by which the break is shortened.</summary>
    public double Fraction { get; init; }
}
