using Microsoft.Win32.SafeHandles;

namespace AgentFunctions.DeterminismProbe;

/// <summary>Values for the probes, declared where nothing is banned, so that each probe line uses one banned symbol and no other.</summary>
internal abstract class Given
{
    public abstract DateTime Time { get; }

    public abstract DateTimeOffset Instant { get; }

    public abstract TimeProvider Clock { get; }

    public abstract CancellationTokenSource Source { get; }

    public abstract TimerCallback Callback { get; }

    public abstract object Anything { get; }

    public abstract IEnumerable<int> Numbers { get; }

    public abstract Action<int> Step { get; }

    public abstract Action Act { get; }

    public abstract Func<Task> Do { get; }

    public abstract Func<int> Count { get; }

    public abstract Func<Task<int>> CountAsync { get; }

    public abstract Func<bool> True { get; }

    public abstract Task Work { get; }

    public abstract Task<int> Number { get; }

    public abstract ValueTask ValueWork { get; }

    public abstract ValueTask<int> ValueNumber { get; }

    public abstract IEnumerable<Task> ManyWorks { get; }

    public abstract TaskFactory Factory { get; }

    public abstract TaskFactory<int> NumberFactory { get; }

    public abstract TaskScheduler Scheduler { get; }

    public abstract Action<Task> After { get; }

    public abstract Action<Task, object?> AfterWith { get; }

    public abstract Func<Task, int> Then { get; }

    public abstract Func<Task, object?, int> ThenWith { get; }

    public abstract Action<Task<int>> AfterNumber { get; }

    public abstract Action<Task<int>, object?> AfterNumberWith { get; }

    public abstract Func<Task<int>, int> ThenNumber { get; }

    public abstract Func<Task<int>, object?, int> ThenNumberWith { get; }

    public abstract Lock Gate { get; }

    public abstract SemaphoreSlim Slots { get; }

    public abstract WaitHandle Handle { get; }

    public abstract FileSystemInfo Entry { get; }

    public abstract SafeFileHandle Open { get; }
}
