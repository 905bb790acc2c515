using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.BatchJob;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A batch job, on every host.</summary>
public abstract class BatchJobConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task BatchJob_Example_AnswersEveryRequestInOrder()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.BatchJob, "batch-job.json");

        Assert.True(result.Complete);
        Assert.Equal(["harbour", "library", "tram"], result.Items!.Select(item => item.Key));
        Assert.All(result.Items!, item => Assert.False(string.IsNullOrWhiteSpace(item.Text)));
    }

    [Fact]
    public async Task BatchJob_CancelEvent_TakesWhatThereIs()
    {
        var provider = new EndlessProvider();
        await PatternHostAsync(services => services.AddSingleton<IBatchProvider>(provider));
        var id = await BeginAsync("BatchJob", ToJson(new BatchJobInput { Items = [new BatchItem { Key = "a", Text = "One." }, new BatchItem { Key = "b", Text = "Two." }], Polling = new BatchJobOptions { FirstInterval = TimeSpan.FromMilliseconds(100), Growth = 1 } }));

        await provider.Polled.Task.WaitAsync(Patience);
        await Client.RaiseEventAsync(id, BatchJobOrchestrator.CancelEvent, DurableJson.Parse("true"u8.ToArray()), Patience);
        var result = await ResultOfAsync<BatchJobResult>(id);

        Assert.Equal("cancelled", result.Status);
        Assert.Equal([BatchItemStatus.Succeeded, BatchItemStatus.Cancelled], result.Items!.Select(item => item.Status));
        Assert.Equal(1, provider.Created);
    }

    /// <summary>A provider whose batches answer one request and never end by themselves.</summary>
    private sealed class EndlessProvider : IBatchProvider
    {
        private volatile string status = "in_progress";

        public TaskCompletionSource Polled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Created { get; private set; }

        public decimal PriceFactor => 0.5m;

        public Task<ProviderBatch?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult(Created == 0 ? null : Batch());

        public Task<string> UploadAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => Task.FromResult("file");

        public Task<ProviderBatch> CreateAsync(string fileId, string key, CancellationToken cancellationToken)
        {
            Created++;
            return Task.FromResult(Batch()!);
        }

        public Task<ProviderBatch> GetAsync(string batchId, CancellationToken cancellationToken)
        {
            Polled.TrySetResult();
            return Task.FromResult(Batch()!);
        }

        public Task<ProviderBatch> CancelAsync(string batchId, CancellationToken cancellationToken)
        {
            status = "cancelled";
            return Task.FromResult(Batch()!);
        }

        public Task<ReadOnlyMemory<byte>> DownloadAsync(string fileId, CancellationToken cancellationToken) =>
            Task.FromResult<ReadOnlyMemory<byte>>("""{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{"message":{"role":"assistant","content":"1"},"finish_reason":"stop"}]}}}"""u8.ToArray());

        private ProviderBatch? Batch() => new() { Id = "batch_1", Status = status, OutputFileId = status == "cancelled" ? "out" : null };
    }
}
