using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Testing;

namespace AgentFunctions.Core.Tests.Models.Deployments;

/// <summary>
/// Deployments and the calls of one worker in simulated time, in one thread and from a seed. Unless it is told otherwise there are four, calls come at random, 200 a second, and an answer
/// takes 100 ms on average, with a long tail.
/// </summary>
internal sealed class SimulatedPool
{
    public const int Deployments = 4;
    public const double PerSecond = 200;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly Random random;
    private readonly ManualTime time = new();
    private readonly PriorityQueue<Action, TimeSpan> events = new();
    private readonly int seed;
    private readonly BalancingStrategy? strategy;
    private DeploymentPool? pool;
    private int[] inFlight = [];
    private TimeSpan now;
    private int turn;

    /// <summary>Makes it; without a strategy calls take turns and nothing is learnt, as a plain round robin does.</summary>
    public SimulatedPool(int seed, BalancingStrategy? strategy)
    {
        random = new Random(seed);
        (this.seed, this.strategy) = (seed, strategy);
    }

    /// <summary>How many deployments there are.</summary>
    public int Size { get; init; } = Deployments;

    /// <summary>How many calls come a second.</summary>
    public double Rate { get; init; } = PerSecond;

    /// <summary>How long an answer takes, or the first piece of one, in seconds.</summary>
    public double Takes { get; init; } = 0.1;

    /// <summary>How long a streamed answer goes on after its first piece, in seconds.</summary>
    public double Streams { get; init; }

    /// <summary>How a deployment fares with a call that starts now: the factor of the time it takes; infinite for no answer at all; below zero for a failure at once.</summary>
    public Func<int, double, double> Fares { get; init; } = (_, _) => 1;

    /// <summary>How long a deployment asks to be left alone that refuses at this moment; null where it serves.</summary>
    public Func<int, double, double?> Refuses { get; init; } = (_, _) => null;

    /// <summary>The session of a call; null for none.</summary>
    public Func<int, string?> Session { get; init; } = _ => null;

    public List<SimulatedCall> Calls { get; } = [];

    /// <summary>The most calls that each deployment had in flight when a call was sent, by second.</summary>
    public Dictionary<int, int[]> MostInFlight { get; } = [];

    public int Refusals { get; private set; }

    public void Run(double seconds)
    {
        inFlight = new int[Size];
        if (strategy is { } known)
        {
            pool = new DeploymentPool("m", [.. Enumerable.Range(0, Size).Select(i => new ModelEndpoint(new Uri($"https://host-{i}/v1")))], new BalancingOptions { Strategy = known }, time, new Random(seed + 1));
        }

        Arrive();
        while (events.TryDequeue(out var next, out var at) && at < TimeSpan.FromSeconds(seconds))
        {
            time.Advance(at - now);
            now = at;
            next();
        }
    }

    public IEnumerable<SimulatedCall> Between(double from, double to) => Calls.Where(call => call.At >= from && call.At < to);

    public double Share(int deployment, double from, double to) => Between(from, to).Count(call => call.Deployment == deployment) / (double)Between(from, to).Count();

    /// <summary>A quantile of what callers waited, in milliseconds; what had no answer counts as the timeout.</summary>
    public double Quantile(double quantile, double from, double to)
    {
        var times = Between(from, to).Select(call => call.Milliseconds ?? Timeout.TotalMilliseconds).Order().ToList();
        return times[(int)(quantile * (times.Count - 1))];
    }

    private void Arrive()
    {
        After(-Math.Log(1 - random.NextDouble()) / Rate, Arrive);
        if (Calls.Count == 0 && now == TimeSpan.Zero) return;
        Call();
    }

    private void Call()
    {
        var record = new SimulatedCall { At = now.TotalSeconds };
        Calls.Add(record);
        var session = Session(Calls.Count);
        var tour = pool is null ? null : new DeploymentTour(pool, session);
        while (true)
        {
            DeploymentCall? call;
            try
            {
                call = tour?.Next();
            }
            catch (ThrottledException)
            {
                record.Failed = true;
                return;
            }

            var deployment = record.Deployment = call?.Deployment ?? (turn++ % Size);
            if (Refuses(deployment, now.TotalSeconds) is { } seconds)
            {
                Refusals++;
                if (tour?.MayGoOn(call!, new ThrottledException("Refused.", TimeSpan.FromSeconds(seconds)), CancellationToken.None) == true) continue;
                record.Failed = true;
                return;
            }

            Send(record, deployment, call);
            return;
        }
    }

    private void Send(SimulatedCall record, int deployment, DeploymentCall? call)
    {
        inFlight[deployment]++;
        var second = (int)now.TotalSeconds;
        if (!MostInFlight.TryGetValue(second, out var most)) most = MostInFlight[second] = new int[Size];
        for (var i = 0; i < Size; i++) most[i] = Math.Max(most[i], inFlight[i]);
        var factor = Fares(deployment, now.TotalSeconds);
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var takes = factor < 0 ? 0.005 : factor * Takes * Math.Exp((0.3 * normal) - 0.045);
        After(Math.Min(takes, Timeout.TotalSeconds), () =>
        {
            if (factor < 0 || takes >= Timeout.TotalSeconds)
            {
                inFlight[deployment]--;
                record.Failed = true;
                call?.End(CallOutcome.Failed);
                return;
            }

            record.Milliseconds = (now.TotalSeconds - record.At) * 1000;
            call?.Answer();
            if (Streams == 0) End();
            else After(Streams * 2 * random.NextDouble(), End);
        });

        void End()
        {
            inFlight[deployment]--;
            call?.End(CallOutcome.Answered);
        }
    }

    private void After(double seconds, Action action) => events.Enqueue(action, now + TimeSpan.FromSeconds(seconds));
}

/// <summary>A call: when it came, in seconds, where it went at last, and what it waited, if it was answered.</summary>
internal sealed class SimulatedCall
{
    public double At { get; init; }

    public int Deployment { get; set; }

    public double? Milliseconds { get; set; }

    public bool Failed { get; set; }
}
