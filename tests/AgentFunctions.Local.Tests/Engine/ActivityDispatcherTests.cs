using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class ActivityDispatcherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public async Task Run_MoreThanTheBound_NeverRunsMoreThanThatAtOnce(int max)
    {
        var full = new Gate();
        var waiting = 0;
        using var bench = new DispatcherBench(max, async (_, _) =>
        {
            if (Interlocked.Increment(ref waiting) == max)
            {
                full.Open();
            }

            await full.PassAsync(CancellationToken.None);
            await Task.Yield();
        });
        for (var call = 0; call < 300; call++)
        {
            bench.Dispatcher.Run(Works.Of(call, priority: (RunPriority)(call % 3)));
        }

        await bench.ReportedAsync(300);
        await bench.IdleAsync();

        Assert.Equal(max, bench.Most);
        Assert.Equal(Enumerable.Range(0, 300), bench.Ended.Select(e => e.CallId).Order());
        Assert.Equal(0, bench.Dispatcher.Waiting);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Run_ActivitiesThatNeverWait_KeepTheBoundToo(int max)
    {
        using var bench = new DispatcherBench(max, (_, _) => Task.CompletedTask);
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (var call = sender * 1000; call < (sender + 1) * 1000; call++)
            {
                bench.Dispatcher.Run(Works.Of(call));
            }
        }));
        await Task.WhenAll(senders);

        await bench.ReportedAsync(4000);
        await bench.IdleAsync();

        Assert.InRange(bench.Most, 1, max);
        Assert.Equal(Enumerable.Range(0, 4000), bench.Ended.Select(e => e.CallId).Order());
    }

    [Fact]
    public async Task Cancel_QueuedWork_NeverStarts()
    {
        var gate = new Gate();
        using var bench = new DispatcherBench(1, (_, _) => gate.PassAsync(CancellationToken.None));
        bench.Dispatcher.Run(Works.Of(1));
        bench.Dispatcher.Run(Works.Of(2));
        bench.Dispatcher.Run(Works.Of(3));
        await gate.Entered;

        bench.Dispatcher.Cancel(1, 2);
        Assert.Equal(1, bench.Dispatcher.Waiting);
        gate.Open();
        await bench.ReportedAsync(2);
        await bench.IdleAsync();

        Assert.Equal(["begin 1", "begin 3"], bench.Ledger.Entries);
    }

    [Fact]
    public async Task Cancel_RightAfterRun_IsNeverLost()
    {
        using var bench = new DispatcherBench(400, (_, token) => Task.Delay(Timeout.Infinite, token));
        for (var call = 0; call < 400; call++)
        {
            bench.Dispatcher.Run(Works.Of(call));
            bench.Dispatcher.Cancel(1, call);
        }

        // Each either never began, or was told to stop.
        await bench.IdleAsync();
        Assert.Equal(bench.Ledger.Entries.Count, bench.Ended.Count);
    }

    [Fact]
    public async Task Cancel_ACallbackThatThrows_StopsOthersAllTheSame()
    {
        using var registered = new SemaphoreSlim(0);
        using var bench = new DispatcherBench(10, async (call, token) =>
        {
            // Not given back: the delay ends first, and would take the callback away with it.
            token.Register(() => throw new InvalidOperationException($"callback {call}"));
            registered.Release();
            await Task.Delay(Timeout.Infinite, token);
        });
        for (var call = 0; call < 3; call++)
        {
            bench.Dispatcher.Run(Works.Of(call));
            Assert.True(await registered.WaitAsync(TestEngine.Patience));
            bench.Dispatcher.Cancel(1, call);
        }

        await bench.ReportedAsync(3);
        Assert.All(bench.Ended, ended => Assert.Equal(nameof(TaskCanceledException), ended.Failure?.Type));

        // An activity reports while the rest of its callbacks still run, and what they throw is logged after all of them.
        using var patience = new CancellationTokenSource(TestEngine.Patience);
        await bench.Ledger.WhenAsync("What an activity registered on its cancellation token threw. The activity is asked to stop all the same.", 3, patience.Token);
    }

    [Fact]
    public void Cancel_UnknownOrEnded_ChangesNothing()
    {
        using var bench = new DispatcherBench(1, (_, _) => Task.CompletedTask);

        bench.Dispatcher.Cancel(1, 1);

        Assert.Equal(0, bench.Dispatcher.Running);
    }

    [Fact]
    public async Task Stop_AsksAllThatRunToStopStartsNothingMoreAndDropsWhatTheyReturn()
    {
        using var bench = new DispatcherBench(2, async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                // A cancelled activity that cleans up.
                await Task.Yield();
            }
        });
        for (var call = 0; call < 5; call++)
        {
            bench.Dispatcher.Run(Works.Of(call));
        }

        await bench.Ledger.WhenAsync("begin 0", 1, CancellationToken.None).WaitAsync(TestEngine.Patience);
        await bench.Ledger.WhenAsync("begin 1", 1, CancellationToken.None).WaitAsync(TestEngine.Patience);
        bench.Dispatcher.Stop();
        bench.Dispatcher.Run(Works.Of(9));
        await bench.IdleAsync();

        Assert.Equal(["begin 0", "begin 1"], bench.Ledger.Entries.Order());
        Assert.Empty(bench.Ended);
    }

    [Fact]
    public async Task Run_AnUnknownActivity_FailsNamingItAndThoseThereAre()
    {
        using var bench = new DispatcherBench(1, (_, _) => Task.CompletedTask);

        bench.Dispatcher.Run(Works.Of(1, name: "Wrok"));
        await bench.ReportedAsync(1);

        var failure = bench.Ended.Single().Failure!;
        Assert.True(failure.Permanent);
        Assert.Contains("'Wrok'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Work", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Wrok", failure.Step);
    }

    [Fact]
    public async Task Run_AnExceptionWithoutAMessage_IsAFailureLikeAnyOther()
    {
        using var bench = new DispatcherBench(1, (call, _) => throw new WordlessException(call == 1));

        bench.Dispatcher.Run(Works.Of(1));
        bench.Dispatcher.Run(Works.Of(2));
        await bench.ReportedAsync(2);
        await bench.IdleAsync();

        Assert.Equal(["", "Its message could not be made: NotSupportedException."], bench.Ended.Select(e => e.Failure!.Message).Order());
    }

    private sealed class WordlessException(bool isNull) : Exception
    {
        public override string Message => isNull ? null! : throw new NotSupportedException("no words");
    }
}
