using System.Diagnostics;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.Core.Tests.Budgets;

public sealed class BudgetLedgerTests : IDisposable
{
    private static readonly BudgetAccountId Acme = new(BudgetScope.Tenant, "acme", BudgetPeriod.Day);
    private static readonly BudgetAccountId All = new(BudgetScope.All, "", BudgetPeriod.Day);
    private readonly ManualTime time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly BudgetHost host;
    private readonly List<BudgetLedger> workers = [];

    public BudgetLedgerTests()
    {
        host = new BudgetHost(time);
    }

    public void Dispose() => workers.ForEach(worker => worker.Dispose());

    [Fact]
    public async Task Reserve_NothingIsLimited_DoesNothingAtAll()
    {
        var client = new Mock<IBudgetSource>(MockBehavior.Strict);
        using var ledger = new BudgetLedger(new BudgetOptions { RunBudgets = false }, client.Object, () => throw new InvalidOperationException(), "w", time, NullLogger.Instance);
        Assert.Same(BudgetReservation.None, await ledger.ReserveAsync("acme~1", null, Usd(1), default));
        Assert.True(ledger.IsIdle);
        Assert.Equal(0, time.Waiting);
    }

    [Fact]
    public async Task Reserve_NoLimitsButRunsMayHaveBudgets_ReadsNothing()
    {
        var worker = Worker(new BudgetOptions());
        for (var i = 0; i < 20; i++) Assert.Same(BudgetReservation.None, await worker.ReserveAsync(i % 2 == 0 ? "r" : "r:0004", null, Usd(1), default));
        Assert.Equal((0, 0, 0), (host.Reads, host.Requests.Count, time.Waiting));
    }

    [Fact]
    public async Task Reserve_NoClient_IsNotLimited()
    {
        using var ledger = new BudgetLedger(new BudgetOptions { All = new() { UsdPerDay = 0 } }, Mock.Of<IBudgetSource>(), () => false, "w", time, NullLogger.Instance);
        Assert.Same(BudgetReservation.None, await ledger.ReserveAsync("r", null, Usd(1), default));
    }

    [Fact]
    public async Task Reserve_ManyCalls_TheEntityIsSeldomAsked()
    {
        var worker = Worker(new BudgetOptions { All = new() { UsdPerDay = 1000 }, RunBudgets = false });
        for (var i = 0; i < 1000; i++)
        {
            (await worker.ReserveAsync("r", null, Usd(0.02m), default)).Settle(Usd(0.01m));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(host.Requests.Count, 2, 25);
        await worker.ReturnAsync();
        Assert.Equal((10m, 10m), (host.Account(All).Settled.Usd, host.Account(All).Taken().Usd));
    }

    [Fact]
    public async Task Reserve_LimitIsReached_ThrowsAndSaysWhoseWhatAndWhen()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        for (var i = 0; i < 10; i++) (await worker.ReserveAsync("acme~1", null, Usd(0.1m), default)).Settle(Usd(0.09m));

        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~2", null, Usd(0.11m), default).AsTask());

        Assert.Equal("The budget of tenant 'acme' for 2026-01-31 is $1.00. $0.90 of it is spent, and the next call may cost $0.11. It begins anew at 2026-02-01T00:00:00Z: start the run again then, or raise the limit in the section Budgets of the settings.", error.Message);
        Assert.Equal((Acme, BudgetExceededException.TypeName), (error.Account, FailureDetails.From(error).Type));
        Assert.True(FailureDetails.From(error).Permanent);

        // What is smaller still fits, and another tenant has a budget of its own.
        (await worker.ReserveAsync("acme~2", null, Usd(0.1m), default)).Settle();
        (await worker.ReserveAsync("globex~1", null, Usd(1), default)).Settle();
    }

    [Fact]
    public async Task Reserve_RefusedAgainAndAgain_TheEntityIsNotAskedForEach()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 0 } });
        for (var i = 0; i < 100; i++) await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~1", null, Usd(0.1m), default).AsTask());
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task Reserve_AllThatHasALimit_CountsForRunTenantAndAll()
    {
        var worker = Worker(new BudgetOptions { All = new() { UsdPerMonth = 100, TokensPerDay = 10_000 }, Tenant = new() { UsdPerDay = 10 }, Run = new() { Tokens = 1000 } });
        (await worker.ReserveAsync("acme~1:0004", null, new(0.5m, 100), default)).Settle(new(0.4m, 90));
        await worker.ReturnAsync();

        foreach (var id in new[] { BudgetAccountId.OfRun("acme~1"), Acme, All, All with { Period = BudgetPeriod.Month } }) Assert.Equal(new BudgetAmount(0.4m, 90), host.Account(id).Taken());
    }

    [Fact]
    public async Task Reserve_OneBudgetHasNoRoom_NothingStaysReservedInTheOthers()
    {
        var worker = Worker(new BudgetOptions { All = new() { UsdPerDay = 0.1m }, Tenant = new() { UsdPerDay = 10 } });
        await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~1", null, Usd(1), default).AsTask());
        await worker.ReturnAsync();
        Assert.Equal(0m, host.Account(Acme).Taken().Usd);
    }

    [Fact]
    public async Task Reserve_RunWithABudgetOfItsOwn_HasThatAndNoOtherRunDoes()
    {
        var worker = Worker(new BudgetOptions { Run = new() { Usd = 100 } });

        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("r1:0001:00ff", new BudgetLimit { Usd = 0.5m }, Usd(0.6m), default).AsTask());
        (await worker.ReserveAsync("r2", null, Usd(0.6m), default)).Settle();

        Assert.Equal("The budget of run 'r1' is $0.50. $0.00 of it is spent, and the next call may cost $0.60. Start a run with a higher budget, or none.", error.Message);
    }

    [Fact]
    public async Task Reserve_RunWithABudgetOfItsOwnWhereRunsMayHaveNone_HasThatOfTheSettings()
    {
        var worker = Worker(new BudgetOptions { RunBudgets = false, Run = new() { Usd = 100 } });
        (await worker.ReserveAsync("r1", new BudgetLimit { Usd = 0.5m }, Usd(0.6m), default)).Settle();
        Assert.Equal(new BudgetLimit { Usd = 100 }, host.Requests[0].Request.Limit);
    }

    [Fact]
    public async Task Reserve_RunIsThereAgainWithAnotherBudget_HasThatOne()
    {
        var worker = Worker(new BudgetOptions());
        (await worker.ReserveAsync("r1", new BudgetLimit { Usd = 5 }, Usd(1), default)).Settle();
        await worker.ReturnAsync();
        await BudgetRemoval.RemoveAsync(host.Client, "r1", default);

        (await worker.ReserveAsync("r1", new BudgetLimit { Usd = 2 }, Usd(1.5m), default)).Settle();
        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("r1", new BudgetLimit { Usd = 2 }, Usd(1), default).AsTask());

        Assert.Contains("The budget of run 'r1' is $2.00. $1.50 of it is spent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spend_WithoutAReservation_CountsEverywhereAndIsTakenFromTheNext()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        worker.Spend("acme~1", new BudgetLimit { Usd = 5 }, Usd(0.95m));
        await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~2", null, Usd(0.1m), default).AsTask());
        await worker.ReturnAsync();
        Assert.Equal((0.95m, 0.95m), (host.Account(Acme).Taken().Usd, host.Account(BudgetAccountId.OfRun("acme~1")).Taken().Usd));
    }

    [Fact]
    public async Task Reserve_RestIsReserved_WaitsForARunningCallOfThisWorker()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        var running = await worker.ReserveAsync("acme~1", null, Usd(0.9m), default);

        var waiting = worker.ReserveAsync("acme~1", null, Usd(0.5m), default).AsTask();
        Assert.False(waiting.IsCompleted);
        running.Settle(Usd(0.1m));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Settle();
    }

    [Fact]
    public async Task Reserve_RestIsReservedByAnother_WaitsUntilThatGivesItBack()
    {
        var options = new BudgetOptions { Tenant = new() { UsdPerDay = 1 }, Wait = BudgetOptions.LongestWait };
        var (one, two) = (Worker(options), Worker(options));
        var running = await one.ReserveAsync("acme~1", null, Usd(0.9m), default);
        var waiting = two.ReserveAsync("acme~1", null, Usd(0.5m), default).AsTask();
        running.Settle(Usd(0.1m));
        Assert.False(waiting.IsCompleted);

        await StepUntilEndedAsync(waiting);

        (await waiting).Settle();
    }

    [Fact]
    public async Task Reserve_RestStaysReserved_IsRefusedForNowAndNotForGood()
    {
        var options = new BudgetOptions { Tenant = new() { UsdPerDay = 1 }, Wait = TimeSpan.FromSeconds(10) };
        var (one, two) = (Worker(options), Worker(options));
        await one.ReserveAsync("acme~1", null, Usd(0.9m), default);
        var waiting = two.ReserveAsync("acme~1", null, Usd(0.5m), default).AsTask();

        await StepUntilEndedAsync(waiting);

        var error = await Assert.ThrowsAsync<BudgetBusyException>(() => waiting);
        Assert.Equal("The budget of tenant 'acme' for 2026-01-31 has no room for this call now: of $1.00 $0.00 is spent, and calls that run have reserved the rest. Come back when they have ended.", error.Message);
        Assert.NotNull(error.RetryAfter);
    }

    [Fact]
    public async Task Reserve_BudgetDoesNotAnswer_NoCallIsMade()
    {
        host.Serves = false;
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 }, RunBudgets = false });
        var waiting = worker.ReserveAsync("acme~1", null, Usd(0.5m), default).AsTask();
        await StepUntilEndedAsync(waiting);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<BudgetBusyException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settle_CostsMoreThanReserved_IsOwedAndTakenFromTheNext()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        (await worker.ReserveAsync("acme~1", null, Usd(0.1m), default)).Settle(Usd(0.95m));
        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~1", null, Usd(0.1m), default).AsTask());
        Assert.Contains("$0.95 of it is spent", error.Message, StringComparison.Ordinal);
        (await worker.ReserveAsync("acme~1", null, Usd(0.05m), default)).Settle();
    }

    [Fact]
    public async Task Settle_Twice_CountsOnce()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        var reservation = await worker.ReserveAsync("acme~1", null, Usd(0.2m), default);
        reservation.Settle(Usd(0.1m));
        reservation.Settle();
        await worker.ReturnAsync();
        Assert.Equal(0.1m, host.Account(Acme).Taken().Usd);
    }

    [Fact]
    public async Task Tick_Idle_GivesTheSliceBackAndForgetsIt()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 10 } });
        (await worker.ReserveAsync("acme~1", null, Usd(0.2m), default)).Settle(Usd(0.1m));
        for (var i = 0; i < 20; i++) await StepAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((0.1m, 1), (host.Account(Acme).Taken().Usd, worker.Slices));
        for (var i = 0; i < 300; i++) await StepAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((0.1m, 0, 0), (host.Account(Acme).Taken().Usd, worker.Slices, time.Waiting));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tick_SomebodyHadWaitedInVain_ForgetsTheSliceAllTheSame(bool cancels)
    {
        var options = new BudgetOptions { Tenant = new() { UsdPerDay = 1 }, Wait = TimeSpan.FromSeconds(10) };
        var (one, two) = (Worker(options), Worker(options));
        await one.ReserveAsync("acme~1", null, Usd(0.9m), default);
        using var gone = new CancellationTokenSource();
        var waiting = two.ReserveAsync("acme~1", null, Usd(0.5m), gone.Token).AsTask();
        if (cancels) await gone.CancelAsync();
        await StepUntilEndedAsync(waiting);
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);

        for (var i = 0; i < 50; i++) await StepAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((1, 0), (one.Slices, two.Slices));
    }

    [Fact]
    public async Task Reserve_ACallNowAndThen_TheBudgetKnowsTheWorkerByOneName()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 100 } });
        for (var i = 0; i < 30; i++)
        {
            (await worker.ReserveAsync("acme~1", null, Usd(0.2m), default)).Settle(Usd(0.1m));
            for (var second = 0; second < 20; second++) await StepAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((1, 3m, 3m), (host.Account(Acme).Leases.Count, host.Account(Acme).Settled.Usd, host.Account(Acme).Taken().Usd));
    }

    [Fact]
    public async Task Return_AnAnswerIsOnItsWay_WhatItBringsIsGivenBackToo()
    {
        var (asked, answers) = (new List<BudgetRequest>(), new Queue<TaskCompletionSource>([new(), new()]));
        var source = new Mock<IBudgetSource>();
        source.Setup(budget => budget.AskAsync(Acme, It.IsAny<BudgetRequest>(), It.IsAny<CancellationToken>())).Returns(async (BudgetAccountId _, BudgetRequest request, CancellationToken _) =>
        {
            asked.Add(request);
            await answers.Dequeue().Task;
            var lease = new BudgetLease(request.Number, time.GetUtcNow(), request.Used, request.Keep + request.Want, request.Keep, null);
            return new BudgetStanding(lease, request.Limit!, "2026-01-31", null, BudgetAmount.Zero);
        });
        var (first, second) = (answers.ToArray()[0], answers.ToArray()[1]);
        var slice = new BudgetSlice(Acme, new BudgetLimit { Usd = 10 }, "w-1", source.Object, time, NullLogger.Instance);
        using var gone = new CancellationTokenSource();
        var waiting = slice.WaitAsync(Usd(1), slice.Deadline(TimeSpan.FromSeconds(30)), gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var returned = slice.ReturnAsync();
        Assert.False(returned.IsCompleted);
        first.SetResult();
        second.SetResult();
        await returned.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((2, 0m), (asked.Count, asked[^1].Keep.Usd));
    }

    [Fact]
    public async Task Reserve_NextDay_BeginsAnewAndACallOverMidnightCountsForItsFirstDay()
    {
        var worker = Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 1 } });
        var overnight = await worker.ReserveAsync("acme~1", null, Usd(0.8m), default);
        await Assert.ThrowsAsync<BudgetExceededException>(() => worker.ReserveAsync("acme~1", null, Usd(1.2m), default).AsTask());

        time.Advance(TimeSpan.FromHours(12));
        (await worker.ReserveAsync("acme~1", null, Usd(0.9m), default)).Settle(Usd(0.9m));
        overnight.Settle(Usd(0.7m));
        for (var i = 0; i < 20; i++) await StepAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(("2026-02-01", 0.9m), (host.Account(Acme).Period, host.Account(Acme).Taken().Usd));
    }

    [Fact]
    public async Task Report_AfterCalls_TellsLimitsSpentReservedAndWhenTheyRenew()
    {
        var options = new BudgetOptions { All = new() { UsdPerDay = 50 }, Tenant = new() { UsdPerDay = 10 } };
        options.Tenants["acme"] = new PeriodLimits { UsdPerDay = 2, TokensPerMonth = 1000 };
        var worker = Worker(options);
        var own = host.Runs["acme~1"] = new BudgetLimit { Tokens = 500 };
        (await worker.ReserveAsync("acme~1", own, new(0.5m, 100), default)).Settle(new(0.25m, 60));
        var running = await worker.ReserveAsync("acme~1", own, new(0.5m, 100), default);
        await worker.ReturnAsync();

        var report = await BudgetReports.ReadAsync(worker, host.Client, null, "acme~1:0004", time.GetUtcNow(), default);

        Assert.Equal(["All Day ", "Tenant Day acme", "Tenant Month acme", "Run Run acme~1"], report.Budgets.Select(budget => $"{budget.Scope} {budget.Period} {budget.Name}"));
        var day = report.Budgets[1];
        Assert.Equal((2m, null, 0.25m, 0.5m, 1.25m), (day.Limit.Usd, day.Limit.Tokens, day.Spent.Usd, day.Reserved.Usd, day.Remaining.Usd));
        Assert.Equal((60L, 0L, "2026-01-31", new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)), (day.Spent.Tokens, day.Reserved.Tokens, day.PeriodName, day.RenewsAt));
        var run = report.Budgets[3];
        Assert.Equal((500L, 60L, 100L, 340L, null, "run"), (run.Limit.Tokens, run.Spent.Tokens, run.Reserved.Tokens, run.Remaining.Tokens, run.RenewsAt, run.PeriodName));
        Assert.Equal(["All ", "Tenant acme", "Tenant acme", "Tenant default"], (await BudgetReports.ReadAsync(worker, host.Client, null, null, time.GetUtcNow(), default)).Budgets.Select(budget => $"{budget.Scope} {budget.Name}"));
        running.Settle();
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        var options = new BudgetOptions { All = new() { UsdPerDay = -1 }, Run = new() { Tokens = BudgetLimit.MostTokens + 1 }, Wait = TimeSpan.FromHours(1) };
        options.Tenants["Acme"] = new PeriodLimits();
        var result = new BudgetOptionsValidation().Validate(null, options);
        Assert.Equal(
        [
            "Budgets:All:UsdPerDay is -1. Set it to between 0 and 1,000,000,000, or leave it out for no limit.",
            $"Budgets:Tenants names 'Acme'. {Tenants.Rule}",
            "Budgets:Run:Tokens is 1000000000000001. Set it to between 0 and 1,000,000,000,000,000, or leave it out for no limit.",
            "Budgets:Wait is 01:00:00. Set it to between 00:00:00 and 00:10:00.",
        ], result.Failures);
        Assert.Equal(ValidateOptionsResult.Success, new BudgetOptionsValidation().Validate(null, new BudgetOptions()));
    }

    private static BudgetAmount Usd(decimal usd) => new(usd, 0);

    private BudgetLedger Worker(BudgetOptions options)
    {
        var worker = host.Worker(options);
        workers.Add(worker);
        return worker;
    }

    /// <summary>Lets time pass until a call has its answer, however slow the machine is that runs what the time wakes.</summary>
    private async Task StepUntilEndedAsync(Task waiting)
    {
        var began = Stopwatch.GetTimestamp();
        while (!waiting.IsCompleted && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30)) await StepAsync();
        Assert.True(waiting.IsCompleted, "The call still waits.");
    }

    /// <summary>Lets time pass, and what it wakes run.</summary>
    private async Task StepAsync(TimeSpan? by = null)
    {
        time.Advance(by ?? TimeSpan.FromSeconds(0.5));
        for (var i = 0; i < 20; i++) await Task.Yield();
        await Task.Delay(2);
    }
}
