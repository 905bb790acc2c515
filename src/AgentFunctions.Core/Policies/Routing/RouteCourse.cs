using System.Collections.Immutable;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>
/// The way of one call through a <see cref="RouteDecision"/>: what fails is followed by what stands in for it, an answer that is not accepted by a higher tier. No model
/// is tried twice, and after a rejection none that is not above the rejected one. Pure: each step gives a new course.
/// </summary>
public sealed record RouteCourse
{
    private readonly RouteDecision decision;
    private readonly ImmutableHashSet<string> tried;
    private readonly int floor;

    private RouteCourse(RouteDecision decision, ImmutableHashSet<string> tried, int floor, RouteCandidate? current)
    {
        this.decision = decision;
        this.tried = tried;
        this.floor = floor;
        Current = current;
    }

    /// <summary>What to try now; null when nothing is left.</summary>
    public RouteCandidate? Current { get; }

    /// <summary>The beginning of a decision's course.</summary>
    /// <param name="decision">The decision.</param>
    public static RouteCourse Of(RouteDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new(decision, [decision.Candidates[0].Target.Model], int.MinValue, decision.Candidates[0]);
    }

    /// <summary>The current one refused or failed.</summary>
    /// <returns>The next that stands in for it; after a rejection only higher tiers do.</returns>
    /// <exception cref="InvalidOperationException">The course has ended.</exception>
    public RouteCourse Failed() => Next(floor == int.MinValue ? decision.Candidates : decision.Escalations, floor);

    /// <summary>The current one's answer was not accepted.</summary>
    /// <returns>The next higher tier.</returns>
    /// <exception cref="InvalidOperationException">The course has ended.</exception>
    public RouteCourse Rejected() => Next(decision.Escalations, Math.Max(floor, Ended().Target.Level + 1));

    private RouteCourse Next(IReadOnlyList<RouteCandidate> from, int least)
    {
        Ended();
        var next = from.FirstOrDefault(candidate => candidate.Target.Level >= least && !tried.Contains(candidate.Target.Model));
        return new(decision, next is null ? tried : tried.Add(next.Target.Model), least, next);
    }

    private RouteCandidate Ended() => Current ?? throw new InvalidOperationException("The course has ended: nothing is being tried.");
}
