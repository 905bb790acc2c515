using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>Where the circuits of a host stand.</summary>
/// <param name="Worker">The worker that answers.</param>
/// <param name="Circuits">Each deployment, and each tool that this worker has called, by name.</param>
public sealed record CircuitsReport(string Worker, IReadOnlyList<CircuitReport> Circuits);

/// <summary>Where a circuit stands, as all workers know it together; where they can't share it, as this worker does.</summary>
public sealed record CircuitReport
{
    /// <summary>A deployment (model@host), a tool's name, or a tool's service (tool@host).</summary>
    public required string Target { get; init; }

    /// <summary>What kind of thing that is.</summary>
    public required CircuitKind Kind { get; init; }

    /// <summary>Whether it is shared with other workers now.</summary>
    public required bool Shared { get; init; }

    /// <summary>Whether calls go through: Closed, Open, or HalfOpen while one tries.</summary>
    public required CircuitPhase State { get; init; }

    /// <summary>Since when it has been broken; null while it is not.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it may be tried again; null while it is not broken.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>How many failures led to its openings, in all.</summary>
    public required long Failures { get; init; }

    /// <summary>How often it has opened.</summary>
    public required long Opened { get; init; }

    /// <summary>What kind of failure the last one was; null where there was none.</summary>
    public string? LastFailure { get; init; }

    /// <summary>The worker that tries it now; null for none.</summary>
    public string? Prober { get; init; }

    /// <summary>As the worker that answers sees it.</summary>
    public required CircuitHere Here { get; init; }
}

/// <summary>Where a circuit stands on one worker.</summary>
public sealed record CircuitHere
{
    /// <summary>Whether calls go through.</summary>
    public required CircuitPhase State { get; init; }

    /// <summary>Since when it has been broken; null while it is not.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it may be tried again; null while it is not open.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>Failures within the sampling window.</summary>
    public required int Failures { get; init; }

    /// <summary>How often it has opened here, by what this worker saw or was told.</summary>
    public required long Opened { get; init; }

    /// <summary>Calls that were not made because it was open.</summary>
    public required long Refused { get; init; }
}
