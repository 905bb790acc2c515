using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Limiting;

/// <summary>
/// Workers, the limiter's entity and a provider in simulated time, in one thread and from a seed: messages take time, the entity's state goes through JSON each
/// time as on a restart, its clock is that of whichever worker serves it.
/// </summary>
internal sealed class SimulatedLimits : ILeaseSource
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private readonly Random random;
    private readonly ManualTime time = new();
    private readonly IEntityDefinition entity = new RateLimiterEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(RateLimiterJsonContext.Default);
    private readonly List<SimulatedWorker> workers = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> states = new(StringComparer.Ordinal);
    private readonly List<double> started = [];
    private double calls;
    private double tokens;
    private TimeSpan elapsed;
    private int lives;

    public SimulatedLimits(int seed, RateLimits limits, RateLimits? provider = null)
    {
        (random, Limits, Provider) = (new Random(seed), limits, provider ?? limits);
        (calls, tokens) = (Provider.RequestsPerMinute, Provider.TokensPerMinute);
    }

    public RateLimits Limits { get; }

    /// <summary>What the provider enforces; it may change meanwhile. A minute's worth may come at once.</summary>
    public RateLimits Provider { get; set; }

    public int EntityCalls { get; private set; }

    public int Answered { get; private set; }

    public double TokensUsed { get; private set; }

    public int Refused { get; private set; }

    public TimeSpan ClockOffset { get; set; }

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(100);

    public double EstimateError { get; set; }

    /// <summary>Among how many limiters new workers divide the limits.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>How many limiters have been asked.</summary>
    public int Entities => states.Count;

    /// <summary>A limiter that is not served: its messages are lost.</summary>
    public string? Down { get; set; }

    public void Add(int count, int outstanding, double tokensEach)
    {
        for (var i = 0; i < count; i++) workers.Add(new SimulatedWorker(NewPool(), outstanding, tokensEach));
    }

    /// <summary>A worker dies with all that it holds, and another starts.</summary>
    public void Kill(int index)
    {
        workers[index].Pool.Dispose();
        workers[index] = workers[index] with { Pool = NewPool(), Waiting = [] };
    }

    /// <summary>By how many calls any time had more than the promise allows, rate × (burst + time); what was held for a tick here does not count.</summary>
    public double MostOverTheBound()
    {
        var perSecond = Limits.RequestsPerMinute / 60;
        var (least, most) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < started.Count; i++)
        {
            var flowed = perSecond * started[i];
            least = Math.Min(least, i - flowed);
            most = Math.Max(most, i + 1 - flowed - least);
        }

        return most - (perSecond * (Limits.Burst + (2 * Tick)).TotalSeconds);
    }

    public void Run(TimeSpan span)
    {
        for (var end = elapsed + span; elapsed < end; elapsed += Tick)
        {
            foreach (var worker in workers) Work(worker);
            time.Advance(Tick);
            calls = Math.Min(Provider.RequestsPerMinute, calls + (Provider.RequestsPerMinute / 60 * Tick.TotalSeconds));
            tokens = Math.Min(Provider.TokensPerMinute, tokens + (Provider.TokensPerMinute / 60 * Tick.TotalSeconds));
        }
    }

    public async Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken)
    {
        EntityCalls++;
        await Task.Delay(Latency * (0.5 + random.NextDouble()), time, CancellationToken.None);
        if (string.Equals(deployment, Down, StringComparison.Ordinal)) throw new TimeoutException("away");
        var id = EntityReferences.RateLimiter(deployment);
        var outcome = entity.Apply("lease", entity.ReadState(states.GetValueOrDefault(id.Key), json), DurableJson.Parse(DurableJson.Write(request, json)), new EntityContext(id, time.GetUtcNow() + ClockOffset), json);
        states[id.Key] = entity.WriteState(outcome.State, json);
        await Task.Delay(Latency * (0.5 + random.NextDouble()), time, CancellationToken.None);
        return DurableJson.Read<PermitGrant>(outcome.Answer, json);
    }

    private PermitPool NewPool() => new("m", Limits, this, $"worker-{++lives}", time, NullLogger.Instance, Shards);

    private void Work(SimulatedWorker worker)
    {
        while (worker.Waiting.Count < worker.Outstanding)
        {
            try
            {
                worker.Waiting.Add(worker.Pool.Enter(new PermitAsk(worker.TokensEach, RunPriority.Workflow, TimeSpan.FromHours(1))));
            }
            catch (ThrottledException)
            {
                // Refused at once, as the wait would be too long: it comes again with the next tick.
                break;
            }
        }

        foreach (var waiter in worker.Waiting.Where(waiter => waiter.Answer.Task.IsCompletedSuccessfully).ToList())
        {
            worker.Waiting.Remove(waiter);
            var used = worker.TokensEach * (1 + (EstimateError * ((random.NextDouble() * 2) - 1)));
            var permit = waiter.Answer.Task.Result;
            started.Add(elapsed.TotalSeconds);
            if ((Provider.RequestsPerMinute > 0 && calls < 1) || (Provider.TokensPerMinute > 0 && tokens < used))
            {
                Refused++;
                permit.Refuse(TimeSpan.FromSeconds(Math.Max(Provider.RequestsPerMinute > 0 ? (1 - calls) * 60 / Provider.RequestsPerMinute : 0, Provider.TokensPerMinute > 0 ? (used - tokens) * 60 / Provider.TokensPerMinute : 0)));
                continue;
            }

            (calls, tokens, Answered, TokensUsed) = (calls - 1, tokens - used, Answered + 1, TokensUsed + used);
            permit.Settle(used);
        }
    }

    private sealed record SimulatedWorker(PermitPool Pool, int Outstanding, double TokensEach)
    {
        public List<Waiter> Waiting { get; init; } = [];
    }
}
