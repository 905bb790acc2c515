using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Tests.Caching;

/// <summary>Some workers over one store, in a time that the test moves.</summary>
internal sealed class CacheWorld : IDisposable
{
    private readonly List<LayeredCache> workers = [];

    public CacheWorld(bool exclusive = true)
    {
        Inner = new MemoryKeyValueStore(Time, exclusive: exclusive);
        Store = new FaultyStore(Inner);
    }

    public static JsonTypeInfo<string> Json => DurableJsonContext.Default.String;

    public ManualTime Time { get; } = new();

    public MemoryKeyValueStore Inner { get; }

    public FaultyStore Store { get; }

    public CacheOptions Options { get; } = new();

    public Logs Log { get; } = new();

    public LayeredCache Worker(TimeSpan skew = default, ISemanticMatcher? matcher = null)
    {
        var worker = new LayeredCache(Options, Store, new SkewedTime(Time, skew), Log, matcher);
        workers.Add(worker);
        return worker;
    }

    public static CacheRequest Request(string input = "a", CacheSettings? settings = null, string tenant = "acme", CacheKind kind = CacheKind.Response, CacheQuestion? question = null) => new()
    {
        Kind = kind,
        Tenant = tenant,
        Maker = "fast",
        Input = JsonSerializer.SerializeToElement(input, DurableJsonContext.Default.String),
        Settings = settings ?? new(),
        Question = question,
    };

    public static Func<CancellationToken, Task<CacheFill<string>>> Makes(string value, Cost? cost = null) => _ => Task.FromResult(new CacheFill<string>(value, cost));

    /// <summary>Lets time pass, in steps, until something has happened.</summary>
    public async Task PassUntilAsync(Task task)
    {
        for (var i = 0; i < 1000 && !task.IsCompleted; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose() => workers.ForEach(worker => worker.Dispose());

    /// <summary>What was logged.</summary>
    internal sealed class Logs : ILogger<LayeredCache>
    {
        public ConcurrentQueue<(LogLevel Level, int Event, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
    }
}

/// <summary>Calls as tests make them.</summary>
internal static class CacheCalls
{
    public static Task<CacheResult<string>> Ask(this ICallCache cache, string made, CacheRequest? request = null, CancellationToken cancellationToken = default) =>
        cache.GetOrMakeAsync(request ?? CacheWorld.Request(), CacheWorld.Json, CacheWorld.Makes(made), cancellationToken);

    /// <summary>What is kept, or null.</summary>
    public static async Task<string?> Kept(this ICallCache cache, CacheRequest? request = null)
    {
        request ??= CacheWorld.Request();
        try
        {
            return (await cache.GetOrMakeAsync(request with { Settings = request.Settings with { Mode = CacheMode.Only } }, CacheWorld.Json, _ => throw new InvalidOperationException("The mode Only makes nothing."), default)).Value;
        }
        catch (CacheMissException)
        {
            return null;
        }
    }

    public static CacheCounts Counts(this ICacheControl cache, CacheKind kind = CacheKind.Response) => cache.Report().Kinds[kind];
}
