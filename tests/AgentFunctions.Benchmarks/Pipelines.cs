using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Benchmarks;

/// <summary>
/// How long a pipeline of three stages takes over what its slowest stage alone must take (items times its time, over its parallelism), and how long the same
/// stages take one after the other, each waiting for all items of the one before.
/// </summary>
internal static class Pipelines
{
    private const int Items = 120;
    private const int Parallel = 4;
    private static readonly int[] Milliseconds = [40, 60, 30];

    public static async Task RunAsync(Bench bench)
    {
        await using var services = new ServiceCollection().AddSingleton<IContentStore>(new MemoryContentStore()).AddTools().AddModels(new ModelOptions()).AddChunkReader().BuildServiceProvider();
        await using var engine = bench.Start(disk: true, catalog: AgentFunctionsCatalog.Create(), services: services);
        await engine.RunAsync("Pipeline", Input([1, 1, 1]));

        var slowest = (double)Items / Parallel * Milliseconds.Max();
        var flowing = await TimeAsync(() => engine.RunAsync("Pipeline", Input(Milliseconds)));
        var ordered = await TimeAsync(() => engine.RunAsync("Pipeline", Input(Milliseconds, ordered: true)));
        var barriers = await TimeAsync(async () =>
        {
            foreach (var milliseconds in Milliseconds) await engine.RunAsync("Pipeline", Input([milliseconds]));
        });
        Bench.Row($"{Items} items, stages of {string.Join(", ", Milliseconds)} ms, {Parallel} at once: slowest stage", $"{slowest:n0} ms");
        Bench.Row("as a pipeline", $"{flowing:n0} ms", $"{flowing / slowest:n3} of the slowest stage");
        Bench.Row("as a pipeline that keeps the order", $"{ordered:n0} ms", $"{ordered / slowest:n3} of the slowest stage");
        Bench.Row("stage by stage, with a barrier after each", $"{barriers:n0} ms", $"{barriers / slowest:n3} of the slowest stage");
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var from = Stopwatch.GetTimestamp();
        await run();
        return Bench.Milliseconds(from);
    }

    private static JsonElement Input(int[] milliseconds, bool ordered = false) => JsonSerializer.SerializeToElement(new
    {
        items = Enumerable.Range(0, Items).Select(i => new { value = i }),
        stages = milliseconds.Select((time, place) => new
        {
            key = $"stage-{place}",
            tool = "delay",
            arguments = new { milliseconds = time, value = new Dictionary<string, string>(StringComparer.Ordinal) { ["$value"] = "item" } },
            maxParallel = Parallel,
        }),
        ordered,
    });
}
