using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Batches;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Batch jobs in worlds where everything goes wrong: the answers are those of a world without faults, and no batch is paid twice.</summary>
public sealed class BatchJobSimulationTests
{
    private const int Seeds = 200;
    private readonly JsonElement input = JsonSerializer.SerializeToElement(new
    {
        instructions = "Say what was decided.",
        items = Enumerable.Range(1, 20).Select(i => new { key = $"k{i}", text = $"The council met. It decided on plan {i}. Tea was served." }),
        polling = new { firstInterval = "00:00:05" },
    });

    [Fact]
    public void BatchJob_FaultsBySeed_EqualsTheFaultFreeRunAndIsPaidOnce() => SimulatedPattern.EqualsTheFaultFreeRun("BatchJob", Seeds, leastRestarts: null, Live);

    private (string Came, SimulatedWorld World) Live(int seed, WorldFaults faults)
    {
        CountingProvider? provider = null;
        var (output, world) = SimulatedPattern.Live(seed, "BatchJob", input, faults, services => services.AddSingleton<IBatchProvider>(host => provider = new CountingProvider(new OfflineBatchProvider(host.GetRequiredService<IContentStore>()))));
        if (provider!.Created != 1) throw new BrokenPromiseException(seed, $"{provider.Created} batches were created.");
        return (string.Join("; ", output.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("key")} {item.GetProperty("status")} {item.GetProperty("text")}")), world);
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
