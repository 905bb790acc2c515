using System.Collections.Concurrent;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>A dispatcher with one activity, <c>Work</c>, and what it reported.</summary>
internal sealed class DispatcherBench : IDisposable
{
    private readonly CapturedLogs logs;
    private readonly SemaphoreSlim reported = new(0);
    private int atOnce;
    private int most;

    public DispatcherBench(int max, Func<int, CancellationToken, Task> work)
    {
        logs = new CapturedLogs(Ledger);
        var catalog = TestCatalog.Build(c => c.Activity(new ActivityReference<int, int>("Work"), async (_, call, token) =>
        {
            Ledger.Add($"begin {call}");
            var now = Interlocked.Increment(ref atOnce);
            for (var seen = most; now > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, now, seen);
            }

            try
            {
                await work(call, token);
            }
            finally
            {
                Interlocked.Decrement(ref atOnce);
            }

            return call;
        }));
        Dispatcher = new ActivityDispatcher(catalog, new TestServices(Ledger), max, TimeProvider.System, logs.CreateLogger(CapturedLogs.Category), message =>
        {
            Ended.Enqueue((ActivityEnded)message);
            reported.Release();
        });
    }

    public ActivityDispatcher Dispatcher { get; }

    public Ledger Ledger { get; } = new();

    /// <summary>The most that ran at once.</summary>
    public int Most => most;

    public ConcurrentQueue<ActivityEnded> Ended { get; } = new();

    /// <summary>Waits until this many have begun.</summary>
    public async Task BegunAsync(int count)
    {
        using var patience = new CancellationTokenSource(TestEngine.Patience);
        while (Volatile.Read(ref atOnce) < count)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>Waits until this many more have been reported.</summary>
    public async Task ReportedAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await reported.WaitAsync(TestEngine.Patience), $"Only {Ended.Count} have ended.");
        }
    }

    /// <summary>Waits until none runs: an activity keeps its place a moment longer than its report.</summary>
    public async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(TestEngine.Patience);
        while (Dispatcher.Running > 0)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public void Dispose()
    {
        Dispatcher.Stop();
        reported.Dispose();
        logs.Dispose();
    }
}
