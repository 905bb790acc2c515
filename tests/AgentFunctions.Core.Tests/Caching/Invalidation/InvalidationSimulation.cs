using AgentFunctions.Core.Caching;

namespace AgentFunctions.Core.Tests.Caching.Invalidation;

/// <summary>
/// Three workers, whose clocks are five minutes apart, over one store that answers with delays: a script of fills, reads and invalidations that overlap,
/// in simulated time. Every answer is held against what was invalidated before it was asked for, and against its lifetime; and what is still good must be served.
/// </summary>
internal sealed class InvalidationSimulation : IDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private readonly CacheWorld world = new(exclusive: false);
    private readonly LayeredCache[] workers;
    private readonly Random delays;
    private readonly List<Task> calls = [];
    private readonly List<Made> made = [];
    private readonly List<Invalidation> invalidations = [];
    private readonly OneThread thread = new();
    private long order;

    public InvalidationSimulation(int seed, bool pretendsExclusive = false, bool forgets = false)
    {
        delays = new Random(seed);
        world.Options.Response.Ttl = world.Options.Tool.Ttl = Ttl;
        world.Store.Before = (_, _, _) => DelayAsync();
        world.Store.After = DelayAsync;
        if (pretendsExclusive) world.Store.Exclusive = true;
        if (forgets) world.Store.Read = (key, entry) => key.Partition.Kind is "response" or "tool" ? null : entry;
        workers = [world.Worker(TimeSpan.FromMinutes(-5)), world.Worker(), world.Worker(TimeSpan.FromMinutes(5))];
    }

    /// <summary>What went wrong.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How many answers came from the cache.</summary>
    public int Served { get; private set; }

    /// <summary>How many answers had to be served, and were.</summary>
    public int Due { get; private set; }

    public void Run(IReadOnlyList<byte> script)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            for (var i = 0; i + 2 < script.Count; i += 3) Do(script[i], script[i + 1], script[i + 2]);
            Drain();
            if (calls.Find(call => !call.IsCompletedSuccessfully) is { } open) Violations.Add($"A call did not end as it should: {open.Exception?.ToString() ?? open.Status.ToString()}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose() => world.Dispose();

    private void Do(byte what, byte which, byte how)
    {
        var worker = which % 3;
        var key = which / 3 % 4;
        switch (what % 16)
        {
            case < 4:
                calls.Add(FillAsync(worker, key, TimeSpan.FromMilliseconds(how * 4)));
                break;
            case < 10:
                calls.Add(ReadAsync(worker, key));
                break;
            case < 12:
                calls.Add(InvalidateAsync(worker, which / 3, how));
                break;
            case < 15:
                Pass(TimeSpan.FromMilliseconds(how * 5));
                break;
            default:
                // A leap, with nothing under way: what it leaps over would be late all at once.
                Drain();
                Advance(TimeSpan.FromSeconds(how / 3));
                break;
        }

        thread.RunAll();
    }

    private void Advance(TimeSpan by)
    {
        world.Time.Advance(by);
        thread.RunAll();
    }

    private void Pass(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Step) Advance(Step);
    }

    private void Drain()
    {
        thread.RunAll();
        for (var i = 0; i < 4000 && world.Time.Waiting > 0; i++) Advance(Step);
    }

    private Task DelayAsync() => delays.Next(4) == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(delays.Next(1, 190)), world.Time);

    private static string Tenant(int key) => key < 2 ? "a" : "b";

    private static string[] Tags(int key) => key switch { 0 => ["prices"], 1 => ["prices", "people"], 2 => ["people"], _ => [] };

    private static CacheKind Kind(int key) => key % 2 == 0 ? CacheKind.Response : CacheKind.Tool;

    private static CacheRequest Request(int key, CacheMode mode) => CacheWorld.Request($"{key}", new() { Mode = mode, Tags = Tags(key) }, Tenant(key), Kind(key));

    private async Task FillAsync(int worker, int key, TimeSpan takes)
    {
        var asked = ++order;
        var result = await workers[worker].GetOrMakeAsync(Request(key, CacheMode.Use), CacheWorld.Json, async token =>
        {
            var value = new Made(made.Count, worker, key, ++order, world.Time.GetTimestamp());
            made.Add(value);
            if (takes > TimeSpan.Zero) await Task.Delay(takes, world.Time, token);
            value.EndedAt = world.Time.GetTimestamp();
            return new CacheFill<string>($"{value.Number}");
        }, default);
        if (result.Note is null) made[int.Parse(result.Value, null)].KeptAt = world.Time.GetTimestamp();
        else Check(key, asked, result);
    }

    private async Task ReadAsync(int worker, int key)
    {
        var asked = ++order;
        var due = DueFor(worker, key);
        try
        {
            var result = await workers[worker].GetOrMakeAsync(Request(key, CacheMode.Only), CacheWorld.Json, _ => throw new InvalidOperationException(), default);
            Check(key, asked, result);
            if (due is not null) Due++;
        }
        catch (CacheMissException)
        {
            // One that was invalidated as it was read need not be served.
            if (due is not null && !invalidations.Exists(it => it.Covers(key) && it.Began > asked)) Violations.Add($"Worker {worker} did not serve key {key}, though value {due.Number} of worker {due.Worker} is good.");
        }
    }

    private async Task InvalidateAsync(int worker, int key, byte what)
    {
        key %= 4;
        var invalidation = new Invalidation(++order, world.Time.GetTimestamp(), (what % 6) switch
        {
            0 => new() { Tenant = Tenant(key), Key = CacheKey.Of(Request(key, CacheMode.Use)).ToString() },
            1 => new() { Tenant = Tenant(key), Tag = "prices" },
            2 => new() { Tag = "people" },
            3 => new() { Kind = Kind(key) },
            4 => new() { Tenant = Tenant(key) },
            _ => new() { Tenant = Tenant(key), Kind = Kind(key) },
        });
        invalidations.Add(invalidation);
        await workers[worker].InvalidateAsync(invalidation.What, default);
        invalidation.Ended = ++order;
    }

    private void Check(int key, long asked, CacheResult<string> result)
    {
        Served++;
        var value = made[int.Parse(result.Value, null)];
        if (value.Key != key) Violations.Add($"Key {key} was served the value of key {value.Key}.");
        if (value.EndedAt is not { } ended || TimeSpan.FromTicks(world.Time.GetTimestamp() - ended) >= Ttl) Violations.Add($"Value {value.Number} was served past its time.");
        foreach (var it in invalidations.Where(it => it.Covers(key) && it.Ended is { } end && end < asked && value.Began < it.Began))
        {
            Violations.Add($"Value {value.Number} of worker {value.Worker}, begun at {value.Began}, was served ({result.Note!.Source}) to a call of {asked}, after its invalidation from {it.Began} to {it.Ended} ({it.What}).");
        }
    }

    /// <summary>A value that a read which begins now must be served, if there is one: kept long enough ago to have reached the store, not near its end, and with no invalidation since shortly before its work began.</summary>
    private Made? DueFor(int worker, int key)
    {
        var now = world.Time.GetTimestamp();
        return made.FindLast(value => value.Key == key
            && value.KeptAt is { } kept && now - kept >= (value.Worker == worker ? 0 : TimeSpan.FromSeconds(3).Ticks)
            && now - value.EndedAt < (Ttl - TimeSpan.FromSeconds(10)).Ticks
            && !invalidations.Exists(it => it.Covers(key) && it.BeganAt > value.BeganAt - TimeSpan.FromSeconds(5).Ticks));
    }

    private sealed record Made(int Number, int Worker, int Key, long Began, long BeganAt)
    {
        public long? EndedAt { get; set; }

        public long? KeptAt { get; set; }
    }

    private sealed record Invalidation(long Began, long BeganAt, CacheInvalidation What)
    {
        public long? Ended { get; set; }

        public bool Covers(int key) =>
            (What.Tenant is null || What.Tenant == Tenant(key)) && (What.Kind is null || What.Kind == Kind(key)) && (What.Tag is null || Tags(key).Contains(What.Tag))
            && (What.Key is null || What.Key == CacheKey.Of(Request(key, CacheMode.Use)).ToString());
    }
}
