using AgentFunctions.App.Storage;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.Storage;

public sealed class StorageSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InstantTime time = new();
    private readonly Mock<IKeyValueStore> values = new();
    private readonly Mock<IRunClient> runs = new();
    private readonly SweepOptions options = new() { KeepDays = 30, MostRows = 77, MostRuns = 3 };

    public StorageSweepTests() => runs.Setup(r => r.ListAsync(It.IsAny<RunQuery>(), None)).ReturnsAsync(new RunPage([], null));

    [Fact]
    public async Task Run_ExpiredValues_AreSweptUpToTheMost()
    {
        values.Setup(v => v.SweepAsync(77, None)).ReturnsAsync(5);
        Assert.Equal(new SweepResult(5, 0, 0), await SweepAsync());
    }

    [Fact]
    public async Task Run_OldCancellations_AreSwept()
    {
        var board = new TableCancellationBoard(new FakeTable(), time);
        await board.PostAsync(new("run", [1]), None);
        time.Advance(TableCancellationBoard.Kept);
        Assert.Equal(1, (await SweepAsync(board)).Cancellations);
    }

    [Fact]
    public async Task Run_OldRuns_ArePurgedByTheTimeOfTheirEnd()
    {
        var cutoff = time.GetUtcNow().AddDays(-30);
        runs.Setup(r => r.ListAsync(It.Is<RunQuery>(q => q.CreatedTo == cutoff && q.Statuses.All(s => s.IsFinal()) && q.Statuses.Count == 3 && q.ContinuationToken == null), None))
            .ReturnsAsync(new RunPage([Run("old", cutoff.AddTicks(-1)), Run("long", cutoff)], "next"));
        runs.Setup(r => r.ListAsync(It.Is<RunQuery>(q => q.ContinuationToken == "next"), None)).ReturnsAsync(new RunPage([Run("older", cutoff.AddDays(-9))], null));
        runs.Setup(r => r.PurgeAsync("old", None)).ReturnsAsync(1);
        runs.Setup(r => r.PurgeAsync("older", None)).ReturnsAsync(1);
        Assert.Equal(2, (await SweepAsync()).Runs);
        runs.Verify(r => r.PurgeAsync("long", It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task Run_MoreOldRunsThanTheMost_StopsThere()
    {
        runs.Setup(r => r.ListAsync(It.IsAny<RunQuery>(), None)).ReturnsAsync(new RunPage([.. Enumerable.Range(0, 10).Select(i => Run($"r{i}", DateTimeOffset.UnixEpoch))], "next"));
        runs.Setup(r => r.PurgeAsync(It.IsAny<string>(), None)).ReturnsAsync(1);
        Assert.Equal(3, (await SweepAsync()).Runs);
        runs.Verify(r => r.PurgeAsync(It.IsAny<string>(), None), Times.Exactly(3));
    }

    [Fact]
    public async Task Run_RunThatIsGoneOrRestarted_IsPassedOver()
    {
        runs.Setup(r => r.ListAsync(It.IsAny<RunQuery>(), None)).ReturnsAsync(new RunPage([Run("gone", DateTimeOffset.UnixEpoch), Run("again", DateTimeOffset.UnixEpoch), Run("old", DateTimeOffset.UnixEpoch)], null));
        runs.Setup(r => r.PurgeAsync("gone", None)).ThrowsAsync(new RunNotFoundException("gone"));
        runs.Setup(r => r.PurgeAsync("again", None)).ThrowsAsync(new RunNotEndedException("again", RuntimeStatus.Running));
        runs.Setup(r => r.PurgeAsync("old", None)).ReturnsAsync(2);
        Assert.Equal(2, (await SweepAsync()).Runs);
    }

    [Fact]
    public async Task Run_OnePartFails_TheOthersAreDoneAndItIsSaid()
    {
        values.Setup(v => v.SweepAsync(It.IsAny<int>(), None)).ThrowsAsync(new IOException("storage is down"));
        runs.Setup(r => r.ListAsync(It.IsAny<RunQuery>(), None)).ReturnsAsync(new RunPage([Run("old", DateTimeOffset.UnixEpoch)], null));
        runs.Setup(r => r.PurgeAsync("old", None)).ReturnsAsync(1);
        var error = await Assert.ThrowsAsync<AggregateException>(() => SweepAsync());
        Assert.IsType<IOException>(Assert.Single(error.InnerExceptions));
        runs.Verify(r => r.PurgeAsync("old", None));
    }

    [Theory]
    [InlineData(0, 1, 1, "History:KeepDays is 0. Set it from 1 to 3650 days.")]
    [InlineData(3651, 1, 1, "History:KeepDays is 3651. Set it from 1 to 3650 days.")]
    [InlineData(1, 10_001, 1, "History:MostRuns is 10001. Set it from 1 to 10000 runs.")]
    [InlineData(1, 1, 0, "History:MostRows is 0. Set it from 1 to 1000000 rows.")]
    public void Validate_OutOfRange_NamesSettingValueAndRange(int days, int mostRuns, int mostRows, string message) =>
        Assert.Equal([message], new SweepOptionsValidator().Validate(null, new SweepOptions { KeepDays = days, MostRuns = mostRuns, MostRows = mostRows }).Failures);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3650, 10_000, 1_000_000)]
    public void Validate_InRange_Succeeds(int days, int mostRuns, int mostRows) =>
        Assert.True(new SweepOptionsValidator().Validate(null, new SweepOptions { KeepDays = days, MostRuns = mostRuns, MostRows = mostRows }).Succeeded);

    private Task<SweepResult> SweepAsync(TableCancellationBoard? board = null) =>
        new StorageSweep(values.Object, board, Options.Create(options), time, NullLogger<StorageSweep>.Instance).RunAsync(runs.Object, None);

    private static RunState Run(string id, DateTimeOffset ended) => new() { Name = "X", InstanceId = id, RuntimeStatus = RuntimeStatus.Completed, CreatedTime = DateTimeOffset.UnixEpoch, LastUpdatedTime = ended };
}
