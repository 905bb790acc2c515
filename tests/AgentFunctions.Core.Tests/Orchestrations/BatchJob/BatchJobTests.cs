using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.BatchJob;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using FsCheck;
using FsCheck.Fluent;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.BatchJob;

public sealed class BatchJobTests
{
    private static readonly BatchJobInput two = new() { Items = [new BatchItem { Key = "a", Text = "One." }, new BatchItem { Key = "b", Text = "Two." }] };
    private readonly ScriptedWorld world = new();
    private readonly List<TimeSpan> polledAt = [];
    private readonly List<BatchReading> read = [];
    private TimeSpan endsAfter = TimeSpan.FromMinutes(1);
    private string endsAs = "completed";

    public BatchJobTests()
    {
        world.Activity(ActivityReferences.SubmitBatch, _ => After(0, State("validating")));
        world.Activity(ActivityReferences.PollBatch, _ =>
        {
            polledAt.Add(world.Now - ScriptedWorld.Start);
            return After(0, State(world.Now - ScriptedWorld.Start >= endsAfter ? endsAs : "in_progress"));
        });
        world.Activity(ActivityReferences.CancelBatch, _ => After(0, State("cancelled")));
        world.Activity(ActivityReferences.ReadBatch, call =>
        {
            read.Add(call.Input);
            return After(0, new BatchOutcomes { Items = [new BatchOutcome { Key = "a", Status = BatchItemStatus.Succeeded, Text = "1" }], Succeeded = 1, Expired = call.Input.State.Status == "expired" ? 1 : 0, Cost = new Cost(1, 2, 3) });
        });
    }

    [Fact]
    public void RunAsync_Batch_IsAskedForAtGrowingIntervals()
    {
        var result = world.Run(OrchestratorReferences.BatchJob, two).Ended();
        Assert.Equal([5, 12.5, 23.75, 40.625, 65.9375], polledAt.Select(at => Math.Round(at.TotalSeconds, 4)));
        Assert.True(result.Complete);
        Assert.Equal((5, "completed", "batch_1", 1), (result.Polls, result.Status, result.BatchId, result.Succeeded));
        Assert.Equal(new Cost(1, 2, 3), result.Cost);
        Assert.Equal(["a", "b"], read.Single().Requests.Items!.Select(item => item.Key));
    }

    [Fact]
    public void RunAsync_BatchOfADay_StaysAFewHundredSteps()
    {
        endsAfter = TimeSpan.FromHours(24);
        var result = world.Run(OrchestratorReferences.BatchJob, two).Ended();
        Assert.InRange(result.Polls, 280, 300);
    }

    [Fact]
    public void RunAsync_Expired_KeepsWhatThereIs()
    {
        endsAs = "expired";
        var result = world.Run(OrchestratorReferences.BatchJob, two).Ended();
        Assert.Equal((false, "expired", 1, 1), (result.Complete, result.Status, result.Succeeded, result.Expired));
    }

    [Fact]
    public void RunAsync_PatienceEnds_CancelsAndReads()
    {
        var run = world.Run(OrchestratorReferences.BatchJob, two with { Polling = new BatchJobOptions { Patience = TimeSpan.FromSeconds(20) } });
        Assert.Equal("cancelled", run.Ended().Status);
        Assert.Equal(TimeSpan.FromSeconds(20), run.Elapsed);
        Assert.Equal(1, world.Calls("CancelBatch"));
    }

    [Fact]
    public void RunAsync_ProviderIsDownForAWhile_ThePaidBatchIsNotGivenUp()
    {
        var polls = 0;
        world.Activity(ActivityReferences.PollBatch, _ => ++polls < 20 ? Fails<BatchState>(0, new ModelUnavailableException("Away.")) : After(0, State("completed")));
        Assert.Equal("completed", world.Run(OrchestratorReferences.BatchJob, two).Ended().Status);
        Assert.Equal(1, world.Calls("SubmitBatch"));
    }

    [Fact]
    public void RunAsync_SubmissionIsTriedAgain_WithTheSameKey()
    {
        var keys = new List<string>();
        world.Activity(ActivityReferences.SubmitBatch, call =>
        {
            keys.Add(call.Input.IdempotencyKey);
            return keys.Count < 3 ? Fails<BatchState>(0, new ModelUnavailableException("Away.")) : After(0, State("completed"));
        });
        world.Run(OrchestratorReferences.BatchJob, two).Ended();
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void RunAsync_SubmissionIsRefused_FailsTheRun()
    {
        world.Activity(ActivityReferences.SubmitBatch, _ => Fails<BatchState>(0, new PermanentFailureException("No such model.")));
        Assert.Equal("No such model.", world.Run(OrchestratorReferences.BatchJob, two).Failure!.Message);
    }

    [Fact]
    public void Next_AnyInterval_GrowsAndStaysWithinItsBounds() => Prop.ForAll(
        Gen.Choose(100, 3_600_000).SelectMany(first => Gen.Choose(10, 100).SelectMany(growth => Gen.Choose(first, 86_400_000).Select(longest => (first, growth, longest)))).ToArbitrary(),
        drawn =>
        {
            var polling = new BatchJobOptions { FirstInterval = TimeSpan.FromMilliseconds(drawn.first), Growth = drawn.growth / 10.0, LongestInterval = TimeSpan.FromMilliseconds(drawn.longest) };
            var interval = polling.FirstInterval;
            for (var i = 0; i < 100; i++)
            {
                var next = BatchWait.Next(interval, polling);
                if (next < interval || next > polling.LongestInterval) return false;
                interval = next;
            }

            return drawn.growth == 10 || interval == polling.LongestInterval || drawn.growth == 11;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Validate_InputOutOfRange_NamesEachByPath()
    {
        var errors = new InputErrors();
        new BatchJobOrchestrator().Validate(
            new BatchJobInput
            {
                Items = [new BatchItem { Key = "", Text = "x" }, new BatchItem { Key = "a", Text = " " }, new BatchItem { Key = "a", Text = "x" }],
                Model = "",
                MaxOutputTokens = 0,
                Temperature = 3,
                Instructions = new string('x', 8001),
                Polling = new BatchJobOptions { FirstInterval = TimeSpan.Zero, Growth = 0.5, LongestInterval = TimeSpan.FromDays(2), Patience = TimeSpan.Zero },
            },
            errors);
        Assert.Equal(
            ["instructions", "items[0].key", "items[1].text", "items[2].key", "maxOutputTokens", "model", "polling.firstInterval", "polling.growth", "polling.longestInterval", "polling.patience", "temperature"],
            errors.ByPath.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PrepareAsync_LongRequests_AreStored()
    {
        var store = new MemoryContentStore();
        var orchestrator = new BatchJobOrchestrator();
        Assert.Same(two, await orchestrator.PrepareAsync(two, store, CancellationToken.None));
        var prepared = await orchestrator.PrepareAsync(two with { Items = [new BatchItem { Key = "a", Text = new string('x', 9000) }] }, store, CancellationToken.None);
        Assert.Empty(prepared.Items);
        var errors = new InputErrors();
        orchestrator.Validate(prepared, errors);
        Assert.True(errors.IsEmpty);

        // A batch goes to one model, so that there is nothing to choose for each request.
        orchestrator.Validate(prepared with { Model = "Auto" }, errors);
        Assert.Equal(["model"], errors.ByPath.Keys);
        Assert.Equal("a", Assert.Single(await BatchActivities.ItemsOfAsync(new BatchItems { Ref = prepared.ItemsRef }, store, CancellationToken.None)).Key);
    }

    private static BatchState State(string status) => new() { BatchId = "batch_1", Status = status };
}
