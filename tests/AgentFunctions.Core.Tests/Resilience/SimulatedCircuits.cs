using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Resilience;

/// <summary>
/// Workers that call something which breaks and is mended, and the entity by which they share it, in simulated time, in one thread and from a seed: news take time, come
/// twice and in another order; reads take time; clocks differ by seconds, also that of the entity from one operation to the next, which goes through JSON each time.
/// </summary>
internal sealed class SimulatedCircuits : IDisposable
{
    public static readonly CircuitTarget Target = new(CircuitKind.Deployment, "m@h");
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private readonly ManualTime time = new();
    private readonly Random random;
    private readonly SharedCircuits entity;
    private readonly List<(TimeSpan Due, CircuitTell News)> post = [];
    private readonly List<SimulatedWorker> workers = [];
    private readonly ResilienceMetrics metrics = new();
    private readonly ResilienceOptions options;
    private readonly TimeSpan skew;

    public SimulatedCircuits(int seed, int workers, TimeSpan skew, ResilienceOptions? options = null)
    {
        (random, entity, this.skew, this.options) = (new Random(seed), new SharedCircuits(time), skew, options ?? new());
        for (var i = 0; i < workers; i++) this.workers.Add(NewWorker());
    }

    public TimeSpan Elapsed { get; private set; }

    public bool IsBroken { get; set; }

    /// <summary>Whether the entity's state can be read and written.</summary>
    public bool HasStore { get; set; } = true;

    /// <summary>The share of news that come twice.</summary>
    public double Duplicates { get; set; } = 0.2;

    /// <summary>When calls reached what is called.</summary>
    public List<(TimeSpan At, bool IsProbe, bool Failed)> Made { get; } = [];

    /// <summary>News that were sent.</summary>
    public int Told { get; private set; }

    /// <summary>The most probes that ran at once.</summary>
    public int MostProbes { get; private set; }

    public SharedCircuitState State => entity.StateOf(Target) ?? new();

    public IEnumerable<CircuitPhase> Phases => workers.Select(worker => worker.Circuit.Status().State);

    public int CallsSince(TimeSpan from) => Made.Count(call => call.At >= from);

    /// <summary>A worker dies with its calls, and another starts. Where one probes it is that one.</summary>
    public void Kill()
    {
        var victim = workers.FindIndex(worker => worker.Probes > 0) is var prober and >= 0 ? prober : random.Next(workers.Count);
        workers[victim].IsDead = true;
        workers[victim].Breakers.Dispose();
        workers[victim] = NewWorker();
    }

    public void Run(TimeSpan span, Func<bool>? until = null)
    {
        for (var end = Elapsed + span; Elapsed < end && until?.Invoke() != true; Elapsed += Tick)
        {
            // Four to five calls a second each.
            foreach (var worker in workers.Where(_ => random.NextDouble() < 0.1).ToList()) _ = CallAsync(worker);
            Deliver();
            time.Advance(Tick);
        }
    }

    public bool AProbeRuns => workers.Exists(worker => worker.Probes > 0);

    public void Dispose()
    {
        workers.ForEach(worker => worker.Breakers.Dispose());
        metrics.Dispose();
    }

    private async Task CallAsync(SimulatedWorker worker)
    {
        CircuitPass pass;
        try
        {
            pass = await worker.Circuit.EnterAsync(CancellationToken.None);
        }
        catch (CircuitOpenException)
        {
            return;
        }

        if (worker.IsDead) return;
        if (pass.IsProbe)
        {
            worker.Probes++;
            MostProbes = Math.Max(MostProbes, workers.Sum(one => one.Probes));
        }

        var fails = IsBroken;
        Made.Add((Elapsed, pass.IsProbe, fails));
        await Task.Delay(TimeSpan.FromMilliseconds(50 + (random.NextDouble() * 400)), time);
        if (worker.IsDead) return;
        if (pass.IsProbe) worker.Probes--;
        if (fails) pass.Failed(new TimeoutException());
        else pass.Answered();
    }

    private void Deliver()
    {
        if (!HasStore) return;
        foreach (var due in post.Where(news => news.Due <= Elapsed).OrderBy(news => news.Due).ToList())
        {
            post.Remove(due);
            entity.Apply(Target, due.News, time.GetUtcNow() + Skew());
        }
    }

    private TimeSpan Skew() => skew * ((random.NextDouble() * 2) - 1);

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(10 + (random.NextDouble() * 190));

    private SimulatedWorker NewWorker()
    {
        var breakers = new CircuitBreakers(options, new SlowShare(this), new SkewedTime(time, Skew()), metrics, NullLoggerFactory.Instance, () => random.NextDouble());
        return new SimulatedWorker(breakers, breakers.OfDeployment(Target.Name)!);
    }

    private sealed class SlowShare(SimulatedCircuits world) : ICircuitShare
    {
        public bool IsThere => true;

        public Task TellAsync(CircuitTarget target, CircuitTell news, CancellationToken cancellationToken)
        {
            if (!world.HasStore) return Task.FromException(new IOException("away"));
            world.Told++;
            world.post.Add((world.Elapsed + world.Latency(), news));
            if (world.random.NextDouble() < world.Duplicates) world.post.Add((world.Elapsed + (world.Latency() * (1 + (world.random.NextDouble() * 50))), news));
            return Task.CompletedTask;
        }

        public async Task<SharedCircuitState?> ReadAsync(CircuitTarget target, CancellationToken cancellationToken)
        {
            await Task.Delay(world.Latency(), world.time, CancellationToken.None);
            return world.HasStore ? world.entity.StateOf(target) : throw new IOException("away");
        }
    }

    private sealed class SkewedTime(TimeProvider inner, TimeSpan skew) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + skew;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class SimulatedWorker(CircuitBreakers breakers, TargetCircuit circuit)
    {
        public CircuitBreakers Breakers => breakers;

        public TargetCircuit Circuit => circuit;

        public int Probes { get; set; }

        public bool IsDead { get; set; }
    }
}
