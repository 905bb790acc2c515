namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>The deployments of a pool beside each other, at a moment: slow is only what is slower than the others. Pure.</summary>
public sealed class PoolView
{
    private readonly IReadOnlyList<DeploymentState> states;
    private readonly TimeSpan now;
    private readonly BalancingRules rules;
    private readonly (bool IsKnown, double? Mean)[] usual;

    /// <summary>Looks at them.</summary>
    /// <param name="states">The deployments, at least one.</param>
    /// <param name="now">The time.</param>
    /// <param name="rules">The rules.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public PoolView(IReadOnlyList<DeploymentState> states, TimeSpan now, BalancingRules rules)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(rules);
        if (states.Count == 0) throw new ArgumentException("There are no deployments. Give at least one.", nameof(states));
        (this.states, this.now, this.rules) = (states, now, rules);
        usual = new (bool, double?)[states.Count];
    }

    /// <summary>How many there are.</summary>
    public int Count => states.Count;

    /// <summary>What is known of one.</summary>
    /// <param name="deployment">Its place.</param>
    public DeploymentState this[int deployment] => states[deployment];

    /// <summary>Whether one may be called.</summary>
    /// <param name="deployment">Its place.</param>
    public Standing StandingOf(int deployment) => states[deployment].StandingAt(now);

    /// <summary>The part of its share that one gets.</summary>
    /// <param name="deployment">Its place.</param>
    public double WeightOf(int deployment) => states[deployment].WeightAt(now);

    /// <summary>From how many milliseconds on an answer of one is slow: a multiple of the median of the others' averages, or of the time for which all of them are silent, where that is longer. Infinite where there is nothing to compare with.</summary>
    /// <param name="deployment">Its place.</param>
    public double SlowFrom(int deployment) => UsualBeside(deployment) is { } other ? Math.Max(rules.SlowFactor * other, rules.NeverSlow.TotalMilliseconds) : double.PositiveInfinity;

    /// <summary>
    /// How long one would take to answer, in milliseconds: its peak average, which sinks towards what is usual elsewhere while nothing is measured; or for how long calls have
    /// waited for it in silence, where that is longer, so that one that hangs is known before any answer comes.
    /// </summary>
    /// <param name="deployment">Its place.</param>
    public double Estimate(int deployment)
    {
        var state = states[deployment];
        var other = UsualBeside(deployment) ?? state.Mean ?? 1;
        var known = state.Peak is { } peak ? PeakEwma.Faded(peak, other, now - state.MeasuredAt, rules.Decay) : other;
        return Math.Max(Math.Max(known, state.SilenceAt(now)), double.Epsilon);
    }

    /// <summary>How long one takes to answer on average, in milliseconds, or how long it has been silent.</summary>
    /// <param name="deployment">Its place.</param>
    public double ResponseTime(int deployment) => Math.Max(Math.Max(states[deployment].Mean ?? UsualBeside(deployment) ?? 1, states[deployment].SilenceAt(now)), 0.001);

    /// <summary>What it costs to send one more call there: <c>estimate × (in flight + 1) / (weight × share of successes)</c>; failures make it dearer as tries that have to be made again do.</summary>
    /// <param name="deployment">Its place.</param>
    public double Cost(int deployment) => Estimate(deployment) * (states[deployment].InFlight + 1) / (WeightOf(deployment) * Math.Max(0.1, states[deployment].Success));

    /// <summary>Whether at least half of the pool is open without this one.</summary>
    /// <param name="deployment">Its place.</param>
    public bool CanSpare(int deployment) => 2 * Enumerable.Range(0, Count).Count(other => other != deployment && StandingOf(other) == Standing.Open) >= Count;

    /// <summary>What is usual beside one: found when it is first asked for, as a choice looks at few of many.</summary>
    private double? UsualBeside(int deployment)
    {
        ref var known = ref usual[deployment];
        if (!known.IsKnown) known = (true, MedianWithout(deployment));
        return known.Mean;
    }

    private double? MedianWithout(int deployment)
    {
        DeploymentState[] others = [.. states.Where((state, i) => i != deployment && state.LeftAt is null && state.Mean is not null).OrderBy(state => state.Mean)];

        // The upper of two middle ones: where half of the others are slow, it is not this one that stands out. And where all of them are silent they are about to be slower than they were:
        // by their averages alone, one after the other would be left, and the last would get all calls.
        return others.Length == 0 ? null : Math.Max(others[others.Length / 2].Mean!.Value, others.Min(Lately));
    }

    private double Lately(DeploymentState state) => state.Unanswered >= DeploymentHealth.SilentCallsThatTell ? Math.Max(state.Mean!.Value, state.SilenceAt(now)) : state.Mean!.Value;
}
