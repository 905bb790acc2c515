using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Policies.Circuits;

/// <summary>Whether calls go through.</summary>
public enum CircuitPhase
{
    /// <summary>All do.</summary>
    Closed,

    /// <summary>None do.</summary>
    Open,

    /// <summary>One does, to try whether what was broken works again.</summary>
    HalfOpen,
}

/// <summary>How a call ended, as far as it tells of what was called.</summary>
public enum CircuitOutcome
{
    /// <summary>It was answered, if only by a refusal of what was asked.</summary>
    Answered,

    /// <summary>It failed, and not by the caller's fault.</summary>
    Failed,

    /// <summary>It tells nothing: it was given up, or refused because there were too many.</summary>
    Nothing,
}

/// <summary>The calls of a part of the window.</summary>
/// <param name="From">When the part begins.</param>
/// <param name="Answered">How many were answered.</param>
/// <param name="Failed">How many failed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CircuitBucket(DateTimeOffset From, int Answered, int Failed);

/// <summary>A worker's circuit for something that may break.</summary>
public sealed record CircuitState
{
    /// <summary>Whether calls go through.</summary>
    public CircuitPhase Phase { get; init; }

    /// <summary>Grows whenever it opens or closes: calls that began before count no more.</summary>
    public long Era { get; init; }

    /// <summary>The calls of the last while, the oldest first.</summary>
    public ImmutableArray<CircuitBucket> Window { get; init; } = [];

    /// <summary>How many calls in a row have failed.</summary>
    public int InARow { get; init; }

    /// <summary>Since when it has not been closed; null while it is.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>While open: when it may be tried again.</summary>
    public DateTimeOffset RetryAt { get; init; }

    /// <summary>The number of the last probe.</summary>
    public long Probe { get; init; }

    /// <summary>While half-open: when the probe is given up for lost.</summary>
    public DateTimeOffset ProbeUntil { get; init; }

    /// <summary>How often it has opened without a long quiet time between.</summary>
    public int Openings { get; init; }

    /// <summary>When it last closed.</summary>
    public DateTimeOffset ClosedAt { get; init; } = DateTimeOffset.MinValue;
}

/// <summary>Whether a call may go through.</summary>
/// <param name="Allowed">Whether it may.</param>
/// <param name="Probe">The number of the probe that it is; 0 for none.</param>
/// <param name="Era">The <see cref="CircuitState.Era"/> that it belongs to.</param>
/// <param name="Wait">How long until one may, where this one may not.</param>
public readonly record struct CircuitLeave(bool Allowed, long Probe, long Era, TimeSpan Wait);
