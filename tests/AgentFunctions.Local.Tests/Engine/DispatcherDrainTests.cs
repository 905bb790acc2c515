using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class DispatcherDrainTests
{
    [Fact]
    public async Task Drain_WhatRuns_EndsAndReportsAndWhatWaitsIsLeft()
    {
        var open = new TaskCompletionSource();
        using var bench = new DispatcherBench(2, (_, _) => open.Task);
        for (var call = 1; call <= 5; call++) bench.Dispatcher.Run(Works.Of(call));
        await bench.BegunAsync(2);

        var drained = bench.Dispatcher.DrainAsync();
        bench.Dispatcher.Run(Works.Of(6));
        Assert.False(drained.IsCompleted);
        open.SetResult();
        await drained.WaitAsync(TestEngine.Patience);

        Assert.Equal(2, bench.Ended.Count);
        Assert.All(bench.Ended, ended => Assert.Null(ended.Failure));
        Assert.Equal((0, 4), (bench.Dispatcher.Running, bench.Dispatcher.Waiting));
    }

    [Fact]
    public async Task Drain_NothingRuns_EndsAtOnce()
    {
        using var bench = new DispatcherBench(2, (_, _) => Task.CompletedTask);
        await bench.Dispatcher.DrainAsync().WaitAsync(TestEngine.Patience);
        bench.Dispatcher.Run(Works.Of(1));
        Assert.Equal((0, 1), (bench.Dispatcher.Running, bench.Dispatcher.Waiting));
    }

    [Fact]
    public async Task Read_SomeRunAndSomeWait_CountsThemByLane()
    {
        var open = new TaskCompletionSource();
        using var bench = new DispatcherBench(2, (_, _) => open.Task);
        for (var call = 1; call <= 2; call++) bench.Dispatcher.Run(Works.Of(call));
        bench.Dispatcher.Run(Works.Of(3, priority: RunPriority.Interactive));
        bench.Dispatcher.Run(Works.Of(4, priority: RunPriority.Background));
        bench.Dispatcher.Run(Works.Of(5, priority: RunPriority.Background));
        await bench.BegunAsync(2);

        var load = bench.Dispatcher.Read();
        Assert.Equal((2, 2, 1, 0, 2), (load.Slots, load.Running, load.Waiting.Interactive, load.Waiting.Workflow, load.Waiting.Background));

        open.SetResult();
        await bench.ReportedAsync(5);
        await bench.IdleAsync();
        var after = bench.Dispatcher.Read();
        Assert.Equal((0, 0), (after.Running, after.Waiting.Total));
        Assert.True(after.EndedPerSecond > 0 && after.RunTimeMean > TimeSpan.Zero && after.WaitTimeP95 > TimeSpan.Zero);
    }
}
