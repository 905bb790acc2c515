using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class TimerTests
{
    private static readonly OrchestratorReference<int, int> Run = new("Run");

    [Theory]
    [InlineData(4_000)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void CreateTimer_ManyInOneTurn_AllFire(int count)
    {
        var fired = 0;
        var bench = new MachineBench(c => c.Orchestrator(Run, async (context, n) =>
        {
            await Task.WhenAll(Enumerable.Range(0, n).Select(async i =>
            {
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(i % 7));
                fired++;
            }));
            return n;
        }));
        bench.Start(Run, count, "a");

        bench.Now += TimeSpan.FromSeconds(1);
        bench.Settle();

        Assert.Equal(count, fired);
        Assert.Equal(count, bench.Result<int>("a"));
        Assert.Equal(0, bench.Machine.TimersKept);
    }

    [Fact]
    public void CreateTimer_FiftyThousandCreatedAndCancelled_DoNotAccumulate()
    {
        var most = 0;
        var bench = new MachineBench(c => c.Orchestrator(Run, async (context, rounds) =>
        {
            var keeper = context.CreateTimerAsync(TimeSpan.FromDays(300));
            for (var round = 0; round < rounds; round++)
            {
                using var cancellation = new CancellationTokenSource();
                var timers = Enumerable.Range(0, 500).Select(_ => context.CreateTimerAsync(TimeSpan.FromDays(200), cancellation.Token)).ToList();
                await context.WaitForExternalEventAsync<int>("go");
                cancellation.Cancel();
                Assert.All(timers, t => Assert.True(t.IsCanceled));
            }

            await keeper;
            return rounds;
        }));
        bench.Start(Run, 100, "a");

        for (var round = 0; round < 100; round++)
        {
            bench.Raise("a", "go", 0);
            most = Math.Max(most, bench.Machine.TimersKept);
        }

        Assert.InRange(most, 1, 6_000);
        bench.Now += TimeSpan.FromDays(250);
        bench.Settle();
        Assert.Equal(RuntimeStatus.Running, bench.Read("a").Status);
        bench.Now += TimeSpan.FromDays(100);
        bench.Settle();
        Assert.Equal(100, bench.Result<int>("a"));
        Assert.Equal(0, bench.Machine.TimersKept);
    }

    [Fact]
    public void CreateTimer_CreatedAndCancelledInOneTurn_IsNeverKept()
    {
        var bench = new MachineBench(c => c.Orchestrator(Run, async (context, n) =>
        {
            for (var i = 0; i < n; i++)
            {
                using var cancellation = new CancellationTokenSource();
                _ = context.CreateTimerAsync(TimeSpan.FromDays(1), cancellation.Token);
                cancellation.Cancel();
            }

            return await context.WaitForExternalEventAsync<int>("never");
        }));

        bench.Start(Run, 1000, "a");

        Assert.Equal(0, bench.Machine.TimersKept);
        Assert.Null(bench.Machine.NextTimer);
    }

    public static TheoryData<TimeSpan> Extremes => [TimeSpan.MinValue, TimeSpan.FromTicks(-1), TimeSpan.Zero];

    [Theory]
    [MemberData(nameof(Extremes))]
    public void CreateTimer_NoTimeOrLess_FiresOnTheNextTurn(TimeSpan delay)
    {
        var bench = Delayed(delay);

        bench.Start(Run, 1, "a");

        Assert.Equal(1, bench.Result<int>("a"));
    }

    [Fact]
    public void CreateTimer_LongerThanThereIsTime_NeverFiresAndHarmsNothing()
    {
        var bench = Delayed(TimeSpan.MaxValue);

        bench.Start(Run, 1, "a");
        bench.Now += TimeSpan.FromDays(365_000);
        bench.Settle();

        Assert.Equal(RuntimeStatus.Running, bench.Read("a").Status);
        bench.Crash();
        Assert.Equal(DateTimeOffset.MaxValue, bench.Machine.NextTimer);
    }

    [Fact]
    public void FireTimer_TheClockWentBack_FiresAtItsTimeAndUtcNowNeverGoesBack()
    {
        var seen = new List<DateTimeOffset>();
        var bench = new MachineBench(c => c.Orchestrator(Run, async (context, n) =>
        {
            seen.Add(context.UtcNow);
            await context.WaitForExternalEventAsync<int>("go");
            seen.Add(context.UtcNow);
            await context.CreateTimerAsync(TimeSpan.FromHours(1));
            seen.Add(context.UtcNow);
            return n;
        }));
        var began = bench.Now;
        bench.Start(Run, 1, "a");

        bench.Now -= TimeSpan.FromHours(5);
        bench.Raise("a", "go", 0);
        bench.Settle();
        Assert.Equal(RuntimeStatus.Running, bench.Read("a").Status);

        bench.Now = began + TimeSpan.FromHours(1);
        bench.Settle();
        Assert.Equal(1, bench.Result<int>("a"));
        Assert.Equal([began, began, began + TimeSpan.FromHours(1)], seen);
    }

    [Fact]
    public void Recovery_ManyTimers_FireOnceInTheOrderOfTheirTimes()
    {
        var fired = new List<int>();
        var bench = new MachineBench(c => c.Orchestrator(Run, async (context, n) =>
        {
            await Task.WhenAll(Enumerable.Range(0, n).Select(async i =>
            {
                await context.CreateTimerAsync(TimeSpan.FromMinutes(1 + ((i * 37) % n)));
                fired.Add((i * 37) % n);
            }));
            return n;
        }));
        bench.Start(Run, 500, "a");

        bench.Crash();
        fired.Clear();
        bench.Now += TimeSpan.FromDays(1);
        bench.Settle();

        Assert.Equal(Enumerable.Range(0, 500), fired);
        Assert.Equal(500, bench.Result<int>("a"));
    }

    private static MachineBench Delayed(TimeSpan delay) => new(c => c.Orchestrator(Run, async (context, n) =>
    {
        await context.CreateTimerAsync(delay);
        return n;
    }));
}
