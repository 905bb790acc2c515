using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Durable timers: they fire once, not before their time, and not at all once cancelled.</summary>
public abstract class TimersConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, TimeSpan> Wait = new("Wait");
    private static readonly OrchestratorReference<int, string> Main = new("Main");
    private static readonly ActivityReference<string, int> Note = new("Note");

    [Fact]
    public async Task Timer_Fires_OnceAndNotBeforeItsTime()
    {
        await HostAsync(c => Noting(c).Orchestrator(Wait, async (context, milliseconds) =>
        {
            var before = context.UtcNow;
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            var after = context.UtcNow;
            await context.CallActivityAsync(Note, "fired");
            return after - before;
        }));

        var id = await StartAsync(Wait, 150);

        Assert.InRange(await ResultOfAsync<TimeSpan>(id), TimeSpan.FromMilliseconds(150), Host.Patience);
        await LaterAsync();
        Assert.Equal(1, Ledger.Count("fired"));
        var timer = Assert.Single(await StepsAsync(id), s => s.Kind == StepKind.Timer);
        Assert.Equal(StepStatus.Completed, timer.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-86_400_000)]
    public async Task Timer_ZeroOrNegative_FiresOnTheNextTurn(int milliseconds)
    {
        await HostAsync(c => Noting(c).Orchestrator(Wait, async (context, delay) =>
        {
            var before = context.UtcNow;
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(delay));
            await context.CallActivityAsync(Note, "fired");
            return context.UtcNow - before;
        }));

        Assert.InRange(await ResultAsync(Wait, milliseconds), TimeSpan.Zero, Host.Patience);
        Assert.Equal(1, Ledger.Count("fired"));
    }

    [Fact]
    public async Task Timer_Cancelled_NeitherFiresNorHoldsTheRunOpen()
    {
        await HostAsync(c => Noting(c).Orchestrator(Main, async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(TimeSpan.FromDays(1), cancellation.Token);
            await context.CallActivityAsync(Note, "worked");
            cancellation.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        }));

        var id = await StartAsync(Main, 0);

        Assert.Equal("cancelled", await ResultOfAsync<string>(id));
        var timer = Assert.Single(await StepsAsync(id), s => s.Kind == StepKind.Timer);
        Assert.Equal(StepStatus.Cancelled, timer.Status);
    }

    [Fact]
    public async Task Timer_CancelledBeforeItsTime_LeavesLaterOnesAlone()
    {
        await HostAsync(c => Noting(c).Orchestrator(Main, async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var cancelled = context.CreateTimerAsync(TimeSpan.FromMilliseconds(50), cancellation.Token);
            var later = context.CreateTimerAsync(TimeSpan.FromMilliseconds(150));
            cancellation.Cancel();
            var first = await Task.WhenAny(cancelled, later);
            await later;
            return $"{(first == cancelled ? "cancelled" : "later")} first, {cancelled.Status}";
        }));

        Assert.Equal("cancelled first, Canceled", await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Timer_TokenAlreadyCancelled_EndsAtOnce()
    {
        await HostAsync(c => Noting(c).Orchestrator(Main, async (context, _) =>
        {
            try
            {
                await context.CreateTimerAsync(TimeSpan.FromDays(1), new CancellationToken(canceled: true));
                return "fired";
            }
            catch (TaskCanceledException)
            {
                await context.CallActivityAsync(Note, "went on");
                return "cancelled";
            }
        }));

        Assert.Equal("cancelled", await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Timer_CancelledAfterItFired_ChangesNothing()
    {
        await HostAsync(c => Noting(c).Orchestrator(Main, async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(TimeSpan.FromMilliseconds(50), cancellation.Token);
            await timer;
            cancellation.Cancel();
            await context.CallActivityAsync(Note, "after");
            return timer.Status.ToString();
        }));

        Assert.Equal("RanToCompletion", await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Timers_OfDifferentLength_FireInTheOrderOfTheirTimes()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            var open = new[] { 200, 50, 125 }.ToDictionary(ms => context.CreateTimerAsync(TimeSpan.FromMilliseconds(ms)));
            var order = new List<int>();
            while (open.Count > 0)
            {
                var fired = await Task.WhenAny(open.Keys);
                order.Add(open[fired]);
                open.Remove(fired);
            }

            return string.Join(',', order);
        }));

        Assert.Equal("50,125,200", await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Timers_ThreeHundredOfOneLength_FireOnceEach()
    {
        await HostAsync(c => Noting(c).Orchestrator(Main, async (context, n) =>
        {
            async Task TickAsync(int i)
            {
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(50));
                await context.CallActivityAsync(Note, i.ToString(CultureInfo.InvariantCulture));
            }

            await Task.WhenAll(Enumerable.Range(0, n).Select(TickAsync).ToList());
            return "all";
        }));

        Assert.Equal("all", await ResultAsync(Main, 300));
        Assert.Equal(300, Ledger.Entries.Count);
        Assert.Equal(300, Ledger.Entries.Distinct(StringComparer.Ordinal).Count());
    }

    private CatalogBuilder Noting(CatalogBuilder catalog) => catalog.Activity(Note, text =>
    {
        Ledger.Add(text);
        return 0;
    });
}
