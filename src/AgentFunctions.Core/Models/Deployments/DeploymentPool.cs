using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>The deployments of a model as a worker knows them by its own calls, and the choice between them. Thread-safe.</summary>
public sealed class DeploymentPool
{
    private readonly Lock gate = new();
    private readonly string[] nodes;
    private readonly string[] names;
    private readonly DeploymentState[] states;
    private readonly DeploymentTally[] tallies;
    private readonly string?[] failures;
    private readonly BalancingStrategy strategy;
    private readonly BalancingRules rules;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Random random;
    private readonly PoolMetrics? metrics;
    private long turn;

    /// <summary>Makes it.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="endpoints">Where it is served; at least one.</param>
    /// <param name="options">The settings. Default: theirs.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    /// <param name="random">What chance is drawn from. Default: unlike that of any other.</param>
    /// <param name="metrics">Counts. Default: nothing does.</param>
    /// <exception cref="ArgumentException">There are no endpoints.</exception>
    public DeploymentPool(string model, IReadOnlyList<ModelEndpoint> endpoints, BalancingOptions? options = null, TimeProvider? time = null, Random? random = null, PoolMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Count == 0) throw new ArgumentException("There are no deployments. Give at least one.", nameof(endpoints));
        options ??= new BalancingOptions();
        (Model, strategy, rules, this.metrics) = (model, options.Strategy, options.Rules, metrics);
        this.time = time ?? TimeProvider.System;
        this.random = random ?? new Random();
        began = this.time.GetTimestamp();
        nodes = [.. endpoints.Select(endpoint => endpoint.Address.AbsoluteUri)];
        names = [.. endpoints.Select(endpoint => DeploymentLimiters.NameOf(endpoint.Address, model))];
        states = [.. endpoints.Select(_ => new DeploymentState())];
        tallies = [.. endpoints.Select(_ => new DeploymentTally())];
        failures = new string?[endpoints.Count];
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>How many deployments there are.</summary>
    public int Count => states.Length;

    private TimeSpan Now => time.GetElapsedTime(began);

    /// <summary>Where they stand.</summary>
    public PoolReport Report()
    {
        lock (gate)
        {
            var now = Now;
            var view = new PoolView(states, now, rules);
            return new PoolReport(Model, [.. Enumerable.Range(0, Count).Select(i => ReportOf(i, view, now))]);
        }
    }

    /// <summary>Sends a call to a deployment.</summary>
    /// <param name="session">What the calls of its session have in common; null where it belongs to none.</param>
    /// <param name="tried">The deployments that have refused it.</param>
    /// <returns>The call; null where no other deployment is worth asking.</returns>
    internal DeploymentCall? Start(string? session, IReadOnlyCollection<int> tried)
    {
        lock (gate)
        {
            var now = Now;
            var view = Watch(now);
            var draw = new Draw(turn++, random.NextDouble(), random.NextDouble());
            if (Balancer.Choose(view, strategy, draw, session is null ? null : new SessionOrder(session, nodes), tried) is not { } chosen) return null;
            (states[chosen], var start) = DeploymentHealth.Started(states[chosen], now);
            tallies[chosen].Start();
            return new DeploymentCall(this, chosen, start);
        }
    }

    /// <summary>Where each stands, in their order.</summary>
    internal IReadOnlyList<DeploymentStanding> Standings()
    {
        lock (gate)
        {
            var now = Now;
            return [.. Enumerable.Range(0, Count).Select(i => StandingOf(i, now))];
        }
    }

    /// <summary>A call's answer has come, or begun to.</summary>
    internal void Answered(DeploymentCall call)
    {
        TimeSpan took;
        lock (gate)
        {
            var now = Now;
            took = now - call.Start.At;
            tallies[call.Deployment].Measure(took);
            states[call.Deployment] = DeploymentHealth.Answered(states[call.Deployment], call.Start, now, new PoolView(states, now, rules).SlowFrom(call.Deployment), rules, random.NextDouble());
        }

        metrics?.Measure(names[call.Deployment], took);
    }

    /// <summary>A call has ended.</summary>
    internal void End(DeploymentCall call, CallOutcome outcome, TimeSpan? retryAfter, Exception? error)
    {
        lock (gate)
        {
            var now = Now;
            var i = call.Deployment;
            tallies[i].End(outcome);
            if (outcome is CallOutcome.Failed or CallOutcome.Refused) failures[i] = error?.GetType().Name;
            var told = outcome switch
            {
                CallOutcome.Answered => states[i],
                CallOutcome.Failed => DeploymentHealth.Failed(states[i], call.Start, now, new PoolView(states, now, rules).CanSpare(i), rules, random.NextDouble()),
                CallOutcome.Refused => DeploymentHealth.Refused(states[i], call.Start, now, retryAfter, rules, random.NextDouble()),
                CallOutcome.Wrong => DeploymentHealth.Ended(states[i], call.Start, now, wasHeard: true),
                _ => DeploymentHealth.GivenUp(states[i], call.Start, now, new PoolView(states, now, rules).SlowFrom(i), rules, random.NextDouble()),
            };
            states[i] = DeploymentHealth.Landed(told);
        }

        metrics?.Count(names[call.Deployment], outcome);
    }

    /// <summary>Leaves what has become slow, as long as another is open.</summary>
    private PoolView Watch(TimeSpan now)
    {
        var view = new PoolView(states, now, rules);
        for (var i = 0; i < states.Length; i++)
        {
            var slow = view.SlowFrom(i);
            var watched = DeploymentHealth.Watched(states[i], now, slow, rules, random.NextDouble());
            if (ReferenceEquals(watched, states[i])) continue;
            states[i] = watched;
            view = new PoolView(states, now, rules);
        }

        return view;
    }

    private DeploymentReport ReportOf(int i, PoolView view, TimeSpan now)
    {
        var (state, tally) = (states[i], tallies[i]);
        var standing = view.StandingOf(i);
        var isLeft = standing != Standing.Open;
        var until = Until(state);
        return new DeploymentReport
        {
            Deployment = names[i],
            Healthy = !isLeft,
            LeftUntil = isLeft && until > now ? time.GetUtcNow() + (until - now) : null,
            LeftFor = isLeft ? ReasonOf(state).ToString() : null,
            LastFailure = failures[i],
            Weight = isLeft ? 0 : Math.Round(state.WeightAt(now), 3),
            InFlight = state.InFlight,
            AverageMs = Rounded(state.Mean),
            EstimateMs = state.Peak is null && state.Unanswered == 0 ? null : Rounded(view.Estimate(i)),
            P95Ms = Rounded(tally.P95()),
            Calls = tally.Calls,
            Answered = tally.Answered,
            Failures = tally.Failures,
            Refusals = tally.Refusals,
        };
    }

    private DeploymentStanding StandingOf(int i, TimeSpan now)
    {
        var wait = Until(states[i]) - now;
        return new(names[i], states[i].StandingAt(now), ReasonOf(states[i]), wait > TimeSpan.Zero ? wait : TimeSpan.Zero, failures[i]);
    }

    private static TimeSpan Until(DeploymentState state) => state.LeftAt is null ? state.PassedOverUntil : state.LeftUntil;

    private static LeftFor ReasonOf(DeploymentState state) => state.LeftAt is null ? LeftFor.Failure : state.Reason;

    private static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;
}
