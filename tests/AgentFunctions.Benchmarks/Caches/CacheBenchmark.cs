using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>The cache over its store, at a million entries: what a hit costs at each level, and what shared work and invalidation do.</summary>
internal static class CacheBenchmark
{
    private const int Entries = StoreBenchmark.Entries;
    private const int Lookups = 100_000;
    private const int Batch = 1_000;
    private static readonly string answer = new('a', 400);

    public static async Task RunAsync(Bench bench)
    {
        await StoreBenchmark.RunAsync(bench);
        Console.WriteLine();
        var folder = Path.Combine(bench.Folder, "cache");
        Directory.Delete(folder, recursive: true);
        var requests = Enumerable.Range(0, Entries).Select(RequestOf).ToArray();
        var plain = await PlainAsync(requests);
        using (var store = StoreBenchmark.Open(folder))
        {
            await using var large = Host(store, memory: 8L << 30);
            var cache = large.GetRequiredService<ICallCache>();
            var control = large.GetRequiredService<ICacheControl>();
            await FillAsync(cache, requests);
            var report = control.Report();
            Bench.Row("cache of 1,000,000, memory an entry of 400 characters, as it counts", $"{report.Bytes / Math.Max(1, report.Entries):n0} B", $"{report.Entries:n0} entries");
            (await Samples.TakeAsync(Lookups, i => HitAsync(cache, requests[Pick(i)], CacheSource.Memory))).Print("cache of 1,000,000, hit in memory, p50", plain);
            await SharedAsync(cache);
            await InvalidationAsync(cache, control);
        }

        using (var store = StoreBenchmark.Open(folder))
        {
            await store.Ready;
            await using var small = Host(store, memory: 1L << 20);
            var cache = small.GetRequiredService<ICallCache>();
            (await Samples.TakeAsync(Lookups, i => HitAsync(cache, requests[Pick(i)], CacheSource.Store))).Print("cache of 1,000,000, hit in the store, p50", plain);
            var fresh = 0;
            (await Samples.TakeAsync(2_000, async _ => await cache.GetOrMakeAsync(RequestOf(Entries + fresh++), CacheBenchJson.Default.String, MakeAsync, CancellationToken.None))).Print("cache of 1,000,000, miss: work that takes no time, and keeping it, p50", plain);
        }
    }

    /// <summary>What others use: the framework's memory cache, with the least that makes it the same: the key from the request's canonical JSON, the value from JSON.</summary>
    private static async Task<Samples> PlainAsync(CacheRequest[] requests)
    {
        using var memory = new MemoryCache(new MemoryCacheOptions());
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, CacheBenchJson.Default.String);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var request in requests) memory.Set(Key(request), json.ToArray(), TimeSpan.FromHours(1));
        Bench.Row("MemoryCache of 1,000,000, memory an entry of 400 characters", $"{(GC.GetTotalMemory(forceFullCollection: true) - before) / Entries:n0} B");
        (await Samples.TakeAsync(Lookups, i => memory.TryGetValue(requests[Pick(i)], out _) ? throw new InvalidOperationException() : ValueTask.CompletedTask)).Print("MemoryCache of 1,000,000, bare lookup, p50");
        var both = (await Samples.TakeAsync(Lookups, i => JsonSerializer.Deserialize(memory.Get<byte[]>(Key(requests[Pick(i)])), CacheBenchJson.Default.String) == answer ? ValueTask.CompletedTask : throw new InvalidOperationException("A value is missing.")))
            .Print("MemoryCache of 1,000,000, key and value from JSON, p50");
        // Its disposal keeps the entries until it is collected itself.
        memory.Clear();
        return both;
    }

    private static string Key(CacheRequest request) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request.Input, CacheBenchJson.Default.JsonElement)));

    private static ServiceProvider Host(IKeyValueStore store, long memory) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(store)
        .AddCaching(options => (options.MemoryBytes, options.StoreTimeout, options.Response.Ttl) = (memory, TimeSpan.FromSeconds(30), TimeSpan.FromHours(10)))
        .BuildServiceProvider();

    private static CacheRequest RequestOf(int number) => new()
    {
        Kind = CacheKind.Response,
        Tenant = "acme",
        Maker = "gpt",
        Input = JsonSerializer.SerializeToElement($"What about item {number}, and how long will it take?", CacheBenchJson.Default.String),
        Settings = new CacheSettings { Tags = number % 1000 == 0 ? ["prices"] : [] },
    };

    private static async Task FillAsync(ICallCache cache, CacheRequest[] requests)
    {
        var from = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, requests.Length / Batch, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (batch, cancellation) =>
        {
            var some = requests.AsMemory(batch * Batch, Batch).ToArray();
            var began = await cache.BeginAsync(some, cancellation);
            await cache.KeepManyAsync([.. some.Select(request => (request, new CacheFill<string>(answer)))], CacheBenchJson.Default.String, began, cancellation);
        });
        Bench.Row("cache, keeping 1,000,000 answers by the thousand", $"{requests.Length / (Bench.Milliseconds(from) / 1000):n0}/s");
    }

    private static async ValueTask HitAsync(ICallCache cache, CacheRequest request, CacheSource source)
    {
        var result = await cache.GetOrMakeAsync(request, CacheBenchJson.Default.String, _ => throw new InvalidOperationException("A hit was to be made."), CancellationToken.None);
        // A few of the store's hits are in memory by chance; a hit in memory is never the store's.
        if (result.Note?.Source != source && source == CacheSource.Memory) throw new InvalidOperationException($"The answer came from {result.Note?.Source}.");
    }

    private static Task<CacheFill<string>> MakeAsync(CancellationToken cancellationToken) => Task.FromResult(new CacheFill<string>(answer));

    private static async Task SharedAsync(ICallCache cache)
    {
        var made = 0;
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => cache.GetOrMakeAsync(RequestOf(-1), CacheBenchJson.Default.String, async cancellation =>
        {
            Interlocked.Increment(ref made);
            await Task.Delay(100, cancellation);
            return new CacheFill<string>(answer);
        }, CancellationToken.None)));
        Bench.Row("10,000 callers of the same work of 100 ms at once", $"{Bench.Milliseconds(from):n0} ms", $"done {made} time(s)");
    }

    private static async Task InvalidationAsync(ICallCache cache, ICacheControl control)
    {
        var number = 0;
        (await Samples.TakeAsync(200, async _ => await control.InvalidateAsync(new CacheInvalidation { Tenant = "acme", Tag = $"tag {number++ % 50}" }, CancellationToken.None))).Print("invalidating a tag (one process has the store), p50");
        var from = Stopwatch.GetTimestamp();
        await control.InvalidateAsync(new CacheInvalidation { Tenant = "acme", Tag = "prices" }, CancellationToken.None);
        Bench.Row("invalidating a tag of 1,000 entries", $"{Bench.Milliseconds(from):n2} ms");
        var results = await cache.FindManyAsync([.. Enumerable.Range(0, 1000).Select(i => RequestOf(i * 1000))], CacheBenchJson.Default.String, CancellationToken.None);
        if (results.Any(result => result is not null)) throw new InvalidOperationException("An invalidated entry was served.");
    }

    private static int Pick(int i)
    {
        var picked = (int)((uint)(i * 2654435761) % Entries);
        // Those with the tag will be invalidated.
        return picked % 1000 == 0 ? picked + 1 : picked;
    }
}
