using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Benchmarks;

/// <summary>Starts engines for a benchmark and prints its rows.</summary>
internal sealed class Bench(string folder)
{
    private static readonly JsonElement Null = JsonDocument.Parse("null").RootElement.Clone();

    /// <summary>Where a journal on disk is.</summary>
    public string Folder => folder;

    /// <summary>An engine whose journal is on disk, in an empty folder unless told otherwise, or in memory.</summary>
    public BenchEngine Start(bool disk, bool keep = false, EngineOptions? options = null, Catalog? catalog = null, IServiceProvider? services = null)
    {
        if (disk && !keep && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        IJournalStorage storage = disk ? new PhysicalJournalStorage(folder) : new MemoryJournalStorage();
        catalog ??= BenchCatalog.Create();
        services ??= new ServiceCollection().BuildServiceProvider();
        var engine = new LocalEngine(catalog, services, storage, new JournalOptions(), options ?? new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        return new BenchEngine(engine, new LocalRunClient(engine, catalog), storage);
    }

    public static JsonElement Number(int value) => JsonDocument.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture)).RootElement.Clone();

    public static JsonElement Nothing => Null;

    public static void Row(string what, string value, string remark = "") => Console.WriteLine($"{what,-58} {value,14}  {remark}");

    public static double Milliseconds(long from) => Stopwatch.GetElapsedTime(from).TotalMilliseconds;

    public static double Quantile(List<double> sorted, double q) => sorted[Math.Min(sorted.Count - 1, (int)(q * sorted.Count))];
}

/// <summary>An engine under measurement.</summary>
internal sealed record BenchEngine(LocalEngine Engine, IRunClient Client, IJournalStorage Storage) : IAsyncDisposable
{
    public async Task RunAsync(string orchestrator, JsonElement input)
    {
        var started = await Client.StartAsync(orchestrator, input, new StartOptions());
        var ended = await Client.WaitForCompletionAsync(started.InstanceId);
        if (ended.RuntimeStatus != RuntimeStatus.Completed)
        {
            throw new InvalidOperationException($"A run of {orchestrator} ended {ended.RuntimeStatus}: {ended.Failure?.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Storage.Dispose();
    }
}
