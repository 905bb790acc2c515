using System.ClientModel;
using System.Text;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.ProviderSimulator;
using OpenAI;
using OpenAI.Files;

#pragma warning disable OPENAI001 // Experimental, but what users of the SDK call.

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>The batch activities against the simulator, whose clock the test moves.</summary>
public sealed class BatchTests
{
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0, BatchSeconds = 100 };
    private static readonly ActivityContext Context = new("run-1", "SubmitBatch", 1);
    private readonly ManualTime time = new();
    private readonly MemoryContentStore store = new();
    private readonly BatchItems requests = new() { Items = [.. Enumerable.Range(0, 10).Select(number => new BatchItem { Key = $"k{number}", Text = $"The council decided on plan {number}." })] };

    [Fact]
    public async Task Submit_Twice_CreatesOneBatch()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var first = await SubmitAsync(provider, "key-1");
        var again = await SubmitAsync(provider, "key-1");
        var other = await SubmitAsync(provider, "key-2");
        Assert.Equal(first.BatchId, again.BatchId);
        Assert.NotEqual(first.BatchId, other.BatchId);
        Assert.Equal(2, provider.Stats.Batches);
    }

    [Fact]
    public async Task Read_CompletedBatch_AnswersInInputOrderAtHalfThePrice()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var batch = await SubmitAsync(provider, "key-1");
        Assert.Equal("validating", batch.Status);
        time.Advance(TimeSpan.FromSeconds(51));
        Assert.Equal(("in_progress", 5), ((await PollAsync(provider, batch)).Status, (await PollAsync(provider, batch)).Completed));
        time.Advance(TimeSpan.FromSeconds(51));
        var ended = await PollAsync(provider, batch);
        Assert.Equal("completed", ended.Status);
        var outcomes = await ReadAsync(provider, ended);
        Assert.Equal(requests.Items!.Select(item => item.Key), outcomes.Items!.Select(item => item.Key));
        Assert.All(outcomes.Items!, item => Assert.Equal(BatchItemStatus.Succeeded, item.Status));
        Assert.Equal("The council decided on plan 7.", outcomes.Items![7].Text);
        Assert.Equal(provider.Stats.BatchInputTokens, outcomes.Cost!.InputTokens);
        Assert.Equal(new ModelOptions().Fast.Price.Of(outcomes.Cost.InputTokens, outcomes.Cost.OutputTokens) / 2, outcomes.Cost.Usd);
    }

    [Fact]
    public async Task Read_CancelledBatch_KeepsWhatIsDone()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var batch = await SubmitAsync(provider, "key-1");
        time.Advance(TimeSpan.FromSeconds(41));
        var cancel = new CancelBatchActivity(Client(provider));
        Assert.Equal("cancelling", (await cancel.RunAsync(Context, batch.BatchId, CancellationToken.None)).Status);
        Assert.Equal("cancelling", (await cancel.RunAsync(Context, batch.BatchId, CancellationToken.None)).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        var outcomes = await ReadAsync(provider, await PollAsync(provider, batch));
        Assert.Equal((4, 6), (outcomes.Succeeded, outcomes.Cancelled));
        Assert.Equal("cancelled", (await cancel.RunAsync(Context, batch.BatchId, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Read_ExpiredBatch_KeepsWhatIsDone()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { BatchWindowSeconds = 71 }, time);
        var batch = await SubmitAsync(provider, "key-1");
        time.Advance(TimeSpan.FromSeconds(500));
        var ended = await PollAsync(provider, batch);
        Assert.Equal("expired", ended.Status);
        var outcomes = await ReadAsync(provider, ended);
        Assert.Equal((7, 3), (outcomes.Succeeded, outcomes.Expired));
    }

    [Fact]
    public async Task Read_SomeRequestsFail_TheOthersAreThere()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { FaultRate = 0.5 }, time);
        var batch = await SubmitAsync(provider, "key-1");
        time.Advance(TimeSpan.FromSeconds(500));
        var outcomes = await ReadAsync(provider, await PollAsync(provider, batch));
        Assert.Equal(10, outcomes.Succeeded + outcomes.Failed);
        Assert.InRange(outcomes.Failed, 1, 9);
        Assert.Contains("(500)", outcomes.Items!.First(item => item.Status == BatchItemStatus.Failed).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ManyOutcomes_AreStored()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var client = Client(provider);
        var lines = string.Concat(Enumerable.Range(0, 300).Select(number => $$$"""{"custom_id":"k{{{number}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"The council decided to build a new bridge over the river at mile {{{number}}}, because the old one is closed to lorries."}]}}""" + "\n"));
        var batch = await client.CreateAsync(await client.UploadAsync(Encoding.UTF8.GetBytes(lines), CancellationToken.None), "key", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(500));
        var many = new BatchItems { Items = [.. Enumerable.Range(0, 300).Select(number => new BatchItem { Key = $"k{number}", Text = "x" })] };
        var state = await new PollBatchActivity(client).RunAsync(Context, batch.Id, CancellationToken.None);
        var outcomes = await new ReadBatchActivity(client, Models(provider), store).RunAsync(Context, new BatchReading(state, many, "fast"), CancellationToken.None);
        Assert.Equal(300, outcomes.Succeeded);
        Assert.Null(outcomes.Items);
        Assert.True(await store.ExistsAsync(outcomes.Ref!, CancellationToken.None));
    }

    [Fact]
    public async Task Poll_FileThatIsNoBatch_FailsWithItsLine()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var client = Client(provider);
        var batch = await client.CreateAsync(await client.UploadAsync("no json\n"u8.ToArray(), CancellationToken.None), "key", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2));
        var state = await new PollBatchActivity(client).RunAsync(Context, batch.Id, CancellationToken.None);
        Assert.Equal(("failed", "Line 1: This line is not parseable as valid JSON."), (state.Status, state.Error));
    }

    [Fact]
    public async Task Poll_UnknownBatch_IsPermanent()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        await Assert.ThrowsAsync<PermanentFailureException>(() => new PollBatchActivity(Client(provider)).RunAsync(Context, "batch_9", CancellationToken.None));
    }

    [Fact]
    public async Task Sdk_UploadsCreatesAndReads()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick, time);
        var options = new OpenAIClientOptions { Endpoint = provider.Endpoint };
        var files = new OpenAIFileClient(new ApiKeyCredential("k"), options);
        using var lines = new MemoryStream("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"A canal joins two seas."}]}}"""u8.ToArray());
        var file = await files.UploadFileAsync(lines, "requests.jsonl", FileUploadPurpose.Batch);
        using var creation = BinaryContent.Create(BinaryData.FromString($$"""{"input_file_id":"{{file.Value.Id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}"""));
        var batches = new OpenAIClient(new ApiKeyCredential("k"), options).GetBatchClient();
        var operation = await batches.CreateBatchAsync(creation, waitUntilCompleted: false);
        time.Advance(TimeSpan.FromSeconds(500));
        var state = await Client(provider).GetAsync(operation.BatchId, CancellationToken.None);
        Assert.Equal("completed", state.Status);
        var answers = await files.DownloadFileAsync(state.OutputFileId);
        Assert.Contains("A canal joins two seas.", answers.Value.ToString(), StringComparison.Ordinal);
        Assert.True((await files.DeleteFileAsync(file.Value.Id)).Value.Deleted);
    }

    private static OpenAIBatchProvider Client(SimulatedProvider provider) => new(new OpenAIConnection { Endpoint = provider.Endpoint });

    private static ModelCatalog Models(SimulatedProvider provider) => new(new ModelOptions { Endpoint = provider.Endpoint }, TimeProvider.System);

    private Task<BatchState> SubmitAsync(SimulatedProvider provider, string key) =>
        new SubmitBatchActivity(Client(provider), Models(provider), store).RunAsync(Context, new BatchSubmission { Requests = requests, Model = "fast", IdempotencyKey = key }, CancellationToken.None);

    private static Task<BatchState> PollAsync(SimulatedProvider provider, BatchState batch) => new PollBatchActivity(Client(provider)).RunAsync(Context, batch.BatchId, CancellationToken.None);

    private Task<BatchOutcomes> ReadAsync(SimulatedProvider provider, BatchState state) => new ReadBatchActivity(Client(provider), Models(provider), store).RunAsync(Context, new BatchReading(state, requests, "fast"), CancellationToken.None);
}
