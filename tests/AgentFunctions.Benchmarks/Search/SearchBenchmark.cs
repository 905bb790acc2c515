using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Vectors;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ActivityContext = AgentFunctions.Core.Durable.ActivityContext;

namespace AgentFunctions.Benchmarks.Search;

/// <summary>How good and how quick search is: single sources, their fusion, and SearchFusion as a durable run.</summary>
internal static class SearchBenchmark
{
    public static async Task RunAsync(string folder)
    {
        if (Cranfield.Read(folder) is not { } data)
        {
            Console.WriteLine($"search: skipped, because there is no documents.jsonl and queries.jsonl in '{folder}'. Name the folder with --cranfield DIR.");
            return;
        }

        await using var services = Services(data);
        var sources = services.GetRequiredService<SearchSources>();
        foreach (var name in sources.Names) await FirstSearchAsync(sources, name, data);
        var weights = await new SearchQuality(data, sources).RunAsync();
        Console.WriteLine();
        foreach (var name in sources.Names) await SpeedAsync(sources.Get(name), name, data);
        foreach (var disk in new[] { false, true }) await DurableAsync(services, data, weights, disk);
    }

    private static ServiceProvider Services(Cranfield data) => new ServiceCollection()
        .AddSingleton<IContentStore>(new MemoryContentStore())
        .AddTools()
        .AddModels(new ModelOptions())
        .AddChunkReader()
        .AddSearch(options =>
        {
            options.Sources["words"] = new SearchSourceOptions { Kind = SearchSourceKind.Bm25, File = data.Documents };
            options.Sources["spelling"] = new SearchSourceOptions { Kind = SearchSourceKind.Embeddings, File = data.Documents, Model = HashedNgramEmbeddings.ModelName };
            options.Sources["titles"] = new SearchSourceOptions { Kind = SearchSourceKind.Bm25, File = data.Documents, TitleField = "", TextField = "title" };
        })
        .BuildServiceProvider();

    private static async Task FirstSearchAsync(SearchSources sources, string name, Cranfield data)
    {
        var from = Stopwatch.GetTimestamp();
        await AskAsync(sources.Get(name), data.Queries[0].Text);
        Bench.Row($"first search of '{name}', which builds its index", $"{Bench.Milliseconds(from):n0} ms");
    }

    private static async Task SpeedAsync(ISearchSource source, string name, Cranfield data)
    {
        var times = new List<double>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var query in data.Queries)
            {
                var from = Stopwatch.GetTimestamp();
                await AskAsync(source, query.Text);
                if (round > 0) times.Add(Bench.Milliseconds(from));
            }
        }

        times.Sort();
        Bench.Row($"one search of '{name}', top 50, p50", $"{Bench.Quantile(times, 0.5):n2} ms", $"p99 {Bench.Quantile(times, 0.99):n2} ms");
    }

    private static async Task DurableAsync(ServiceProvider services, Cranfield data, double[] weights, bool disk)
    {
        var folder = Directory.CreateTempSubdirectory("agentfunctions-search");
        try
        {
            using IJournalStorage storage = disk ? new PhysicalJournalStorage(folder.FullName) : new MemoryJournalStorage();
            var catalog = AgentFunctionsCatalog.Create();
            await using var engine = new LocalEngine(catalog, services, storage, new JournalOptions(), new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
            var client = new LocalRunClient(engine, catalog);
            var inputs = data.Queries.Select(query => JsonSerializer.SerializeToElement(new
            {
                query = query.Text,
                sources = new[] { ("words", weights[0]), ("spelling", weights[1]), ("titles", weights[2]) }.Select(source => new { kind = "Configured", name = source.Item1, weight = source.Item2 }),
            })).ToList();
            foreach (var input in inputs) await FinishAsync(client, input);
            var times = new List<double>();
            foreach (var input in inputs)
            {
                var from = Stopwatch.GetTimestamp();
                await FinishAsync(client, input);
                times.Add(Bench.Milliseconds(from));
            }

            times.Sort();
            var where = disk ? "disk + fsync" : "memory";
            Bench.Row($"SearchFusion of three sources, {where}, p50", $"{Bench.Quantile(times, 0.5):n2} ms", $"p99 {Bench.Quantile(times, 0.99):n2} ms");
            var start = Stopwatch.GetTimestamp();
            var runs = inputs.Count * 4;
            await Parallel.ForEachAsync(Enumerable.Range(0, runs), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await FinishAsync(client, inputs[i % inputs.Count]));
            Bench.Row($"SearchFusion runs/s, 16 at once, {where}", $"{runs / Bench.Milliseconds(start) * 1000:n0}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<SearchAnswer> AskAsync(ISearchSource source, string query) =>
        source.SearchAsync(new SearchQuery(query, 50, new ActivityContext("benchmark", "SearchSource", 0)), CancellationToken.None);

    private static async Task FinishAsync(LocalRunClient client, JsonElement input)
    {
        var started = await client.StartAsync("SearchFusion", input, new StartOptions());
        var ended = await client.WaitForCompletionAsync(started.InstanceId);
        if (ended.RuntimeStatus != RuntimeStatus.Completed) throw new InvalidOperationException($"A run of SearchFusion ended {ended.RuntimeStatus}: {ended.Failure?.Message}");
    }
}
