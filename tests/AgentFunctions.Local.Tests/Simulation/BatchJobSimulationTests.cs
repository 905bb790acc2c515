using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Batch jobs in worlds where everything goes wrong: the answers are those of a world without faults, and no batch is paid twice.</summary>
public sealed class BatchJobSimulationTests
{
    private const int Seeds = 200;
    private readonly Catalog catalog = AgentFunctionsCatalog.Create();
    private readonly JsonElement input = JsonSerializer.SerializeToElement(new
    {
        instructions = "Say what was decided.",
        items = Enumerable.Range(1, 20).Select(i => new { key = $"k{i}", text = $"The council met. It decided on plan {i}. Tea was served." }),
        polling = new { firstInterval = "00:00:05" },
    });

    [Fact]
    public void BatchJob_FaultsBySeed_EqualsTheFaultFreeRunAndIsPaidOnce()
    {
        var expected = Live(0, WorldFaults.None, out _);
        var restarts = 0;
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var came = Live(seed, WorldFaults.Draw(new Random(seed)) with { MostFailures = 2 }, out var world);
            restarts += world.Restarts;
            if (came != expected) throw new BrokenPromiseException(seed, $"BatchJob came to {came}, and without faults to {expected}.");
        }

        Assert.True(restarts > Seeds / 2 || Environment.GetEnvironmentVariable("AGENTFUNCTIONS_SEED") is not null, $"Only {restarts} restarts: the worlds are too kind.");
    }

    private string Live(int seed, WorldFaults faults, out SimulatedWorld world)
    {
        var content = new MemoryContentStore();
        var provider = new CountingProvider(new OfflineBatchProvider(content));
        using var services = new ServiceCollection().AddSingleton<IContentStore>(content).AddTools().AddModels(new ModelOptions()).AddChunkReader().AddSingleton<IBatchProvider>(provider).BuildServiceProvider();
        var registration = catalog.Orchestrator("BatchJob");
        Assert.Empty(registration.Validate(input, catalog.Json).ByPath);
        var preparing = registration.PrepareAsync(input, content, catalog.Json, CancellationToken.None);
        Assert.True(preparing.IsCompletedSuccessfully);
        world = new SimulatedWorld(seed, catalog, services, faults, [new SimulatedRun("run", "BatchJob", preparing.Result)]);
        var outcome = world.Live()["run"];
        if (outcome.Status != RuntimeStatus.Completed) throw new BrokenPromiseException(seed, $"BatchJob ended {outcome.Status}: {outcome.Failure}");
        if (provider.Created != 1) throw new BrokenPromiseException(seed, $"{provider.Created} batches were created.");
        return string.Join("; ", outcome.Output!.Value.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("key")} {item.GetProperty("status")} {item.GetProperty("text")}"));
    }

    /// <summary>A provider that finds its batches again, and takes four questions until one has ended.</summary>
    private sealed class CountingProvider(OfflineBatchProvider inner) : IBatchProvider
    {
        private readonly Dictionary<string, ProviderBatch> byKey = new(StringComparer.Ordinal);
        private int asked;

        public int Created => byKey.Count;

        public decimal PriceFactor => 0.5m;

        public Task<ProviderBatch?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult(byKey.GetValueOrDefault(key));

        public Task<string> UploadAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => inner.UploadAsync(lines, cancellationToken);

        public async Task<ProviderBatch> CreateAsync(string fileId, string key, CancellationToken cancellationToken)
        {
            var batch = (await inner.CreateAsync(fileId, key, cancellationToken)) with { Status = "validating" };
            byKey.Add(key, batch);
            return batch;
        }

        public async Task<ProviderBatch> GetAsync(string batchId, CancellationToken cancellationToken) => (await inner.GetAsync(batchId, cancellationToken)) with { Status = ++asked < 4 ? "in_progress" : "completed" };

        public Task<ProviderBatch> CancelAsync(string batchId, CancellationToken cancellationToken) => inner.CancelAsync(batchId, cancellationToken);

        public Task<ReadOnlyMemory<byte>> DownloadAsync(string fileId, CancellationToken cancellationToken) => inner.DownloadAsync(fileId, cancellationToken);
    }
}
