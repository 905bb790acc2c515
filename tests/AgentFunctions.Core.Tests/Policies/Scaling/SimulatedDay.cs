using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Tests.Policies.Scaling;

/// <summary>
/// Days of work from a seed, and instances that take a while to come up: working hours that begin steeply, noise, and now and then a burst. What waits is counted as a fluid.
/// </summary>
internal sealed class SimulatedDay(int seed, ScalingRules rules)
{
    private const int SlotsEach = 16;
    private const double RunSeconds = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ComesUpIn = TimeSpan.FromSeconds(120);
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private readonly Random random = new(seed);
    private readonly Queue<(DateTimeOffset At, int Count)> comingUp = new();
    private ScalingState state = new();
    private int workers = 1;
    private double waiting;
    private double burst;

    /// <summary>Seconds in which work waited longer than the aim.</summary>
    public double Late { get; private set; }

    /// <summary>Instances × hours.</summary>
    public double InstanceHours { get; private set; }

    /// <summary>How often the number of wanted instances changed.</summary>
    public int Changes { get; private set; }

    /// <summary>Lets days pass, and forgets what was measured before.</summary>
    public void Run(int firstDay, int days)
    {
        (Late, InstanceHours, Changes) = (0, 0, 0);
        var end = Monday.AddDays(firstDay + days);
        for (var now = Monday.AddDays(firstDay); now < end; now += Tick) Step(now);
    }

    private void Step(DateTimeOffset now)
    {
        while (comingUp.TryPeek(out var next) && next.At <= now) workers += comingUp.Dequeue().Count;
        var demand = Demand(now);
        var slots = workers * SlotsEach;
        var perTick = Tick.TotalSeconds / RunSeconds;
        var running = Math.Min(slots, demand + (waiting / perTick));
        waiting = Math.Max(0, waiting + ((demand - running) * perTick));
        var wait = waiting * RunSeconds / slots;
        if (wait > rules.TargetWait.TotalSeconds) Late += Tick.TotalSeconds;
        InstanceHours += workers * Tick.TotalHours;
        var sample = new ScalingSample { Workers = workers, Slots = slots, Running = (int)running, Waiting = (int)waiting, RunTime = TimeSpan.FromSeconds(RunSeconds), WaitP95 = TimeSpan.FromSeconds(wait) };
        var before = state.Wanted;
        (state, _) = ScalingPolicy.Decide(rules, state, sample, now);
        if (state.Wanted != before) Changes++;
        var there = workers + comingUp.Sum(up => up.Count);
        if (state.Wanted > there) comingUp.Enqueue((now + ComesUpIn, state.Wanted - there));
        if (state.Wanted < there) workers = Math.Max(1, workers - (there - state.Wanted));
    }

    private double Demand(DateTimeOffset now)
    {
        var hour = now.TimeOfDay.TotalHours;
        var office = now.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : Ramp(hour, 8.9, 9) - Ramp(hour, 17, 19);
        burst = random.NextDouble() < 0.0001 ? 60 : burst * 0.98;
        return (10 + (240 * office)) * (0.9 + (0.2 * random.NextDouble())) + burst;
    }

    private static double Ramp(double hour, double from, double to) => Math.Clamp((hour - from) / (to - from), 0, 1);
}
