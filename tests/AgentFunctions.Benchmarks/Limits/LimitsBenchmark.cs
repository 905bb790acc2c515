using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Benchmarks.Limits;

/// <summary>What the limiter costs: time for a call that finds a permit, against none; and how often the entity is asked by eight busy workers, with one shard and with four.</summary>
internal static class LimitsBenchmark
{
    private const int Calls = 1_000_000;
    private const int Workers = 8;
    private const int Callers = 40;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(Bench bench)
    {
        var plain = await EachAsync(_ => ValueTask.CompletedTask);
        using var pool = new PermitPool("m@h", new RateLimits { RequestsPerMinute = 10_000_000 }, new PlentyOfLeases(), "bench", TimeProvider.System, NullLogger.Instance);
        var limited = await EachAsync(_ => CallAsync(pool));
        var gate = new CallGate("m@h", 64, new LimitOptions(), TimeProvider.System);
        var gated = await EachAsync(_ => CallAsync(gate));
        Bench.Row("a call without a limiter", Text(plain));
        Bench.Row("a call that finds a permit, beyond that", Text(limited - plain), "takes it, tells what it used, and leases a thousand more now and then");
        Bench.Row("a call through the gate by calls in flight, beyond that", Text(gated - plain));

        var one = await BusyAsync(bench, shards: 1);
        var four = await BusyAsync(bench, shards: 4);
        Bench.Row("8 workers, 1 shard: entity operations for 1,000 calls", $"{one.Each:n1}", $"{one.Share:P1} of the quota used");
        Bench.Row("8 workers, 4 shards: entity operations for 1,000 calls", $"{four.Each:n1}", $"{four.Share:P1} of the quota used; {four.Each / 4:n1} for each entity");
        await BatchingBenchmark.RunAsync();
    }

    private static async ValueTask CallAsync(PermitPool pool)
    {
        var permit = await pool.AcquireAsync(new PermitAsk(100, RunPriority.Workflow, TimeSpan.FromSeconds(30)), CancellationToken.None);
        permit.Settle(100);
    }

    private static async ValueTask CallAsync(CallGate gate)
    {
        using var place = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
    }

    private static async Task<double> EachAsync(Func<int, ValueTask> call)
    {
        for (var i = 0; i < Calls / 10; i++) await call(i);
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++) await call(i);
        return Stopwatch.GetElapsedTime(from).TotalNanoseconds / Calls;
    }

    private static async Task<(double Each, double Share)> BusyAsync(Bench bench, int shards)
    {
        var limits = new RateLimits { RequestsPerMinute = 60_000 };
        await using var engine = bench.Start(disk: false, catalog: AgentFunctionsCatalog.Create());
        var leases = new CountedLeases(new EntityLeaseSource(() => engine.Client, TimeProvider.System));
        var pools = Enumerable.Range(0, Workers).Select(i => new PermitPool("m@h", limits, leases, $"w{i}", TimeProvider.System, NullLogger.Instance, shards)).ToList();
        var clock = Stopwatch.StartNew();

        // Shards open empty; what they then have at once is not counted either, in both.
        var warm = TimeSpan.FromSeconds(25);
        var (before, calls) = (0L, 0L);
        await Task.WhenAll(pools.SelectMany(pool => Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (clock.Elapsed < warm + Span)
            {
                await CallAsync(pool);
                if (clock.Elapsed < warm) Interlocked.Exchange(ref before, leases.Count);
                else if (clock.Elapsed < warm + Span) Interlocked.Increment(ref calls);
            }
        })));
        pools.ForEach(pool => pool.Dispose());
        return ((leases.Count - before) * 1000.0 / calls, calls / (limits.RequestsPerMinute / 60 * Span.TotalSeconds));
    }

    private static string Text(double nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:n0} ns");

    /// <summary>Gives what is asked for, at once.</summary>
    private sealed class PlentyOfLeases : ILeaseSource
    {
        public Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(request.Ask is { } ask ? new PermitGrant([new PermitRun(TimeSpan.Zero, ask.Count)], RetryAfter: null) : PermitGrant.None);
    }

    private sealed class CountedLeases(ILeaseSource inner) : ILeaseSource
    {
        private long count;

        public long Count => Interlocked.Read(ref count);

        public Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref count);
            return inner.LeaseAsync(deployment, request, cancellationToken);
        }
    }
}
