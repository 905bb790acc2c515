using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace AgentFunctions.DeterminismProbe.Orchestrations;

/// <summary>Uses everything that is banned, a line each. A marked line must not build; every other line must.</summary>
internal static class EveryBan
{
    [ThreadStatic] // banned: T:System.ThreadStaticAttribute
    private static int state;

    public static void Clock(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        _ = DateTime.Now; // banned: P:System.DateTime.Now
        _ = DateTime.UtcNow; // banned: P:System.DateTime.UtcNow
        _ = DateTime.Today; // banned: P:System.DateTime.Today
        _ = DateTimeOffset.Now; // banned: P:System.DateTimeOffset.Now
        _ = DateTimeOffset.UtcNow; // banned: P:System.DateTimeOffset.UtcNow
        _ = given.Instant.LocalDateTime; // banned: P:System.DateTimeOffset.LocalDateTime
        _ = given.Time.ToLocalTime(); // banned: M:System.DateTime.ToLocalTime
        _ = given.Instant.ToLocalTime(); // banned: M:System.DateTimeOffset.ToLocalTime
        _ = TimeZoneInfo.Local; // banned: T:System.TimeZoneInfo
        _ = given.Clock.GetUtcNow(); // banned: T:System.TimeProvider
        _ = Stopwatch.GetTimestamp(); // banned: T:System.Diagnostics.Stopwatch
    }

    public static void Timers(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        _ = Task.Delay(1); // banned: M:System.Threading.Tasks.Task.Delay(System.Int32)
        _ = Task.Delay(1, token); // banned: M:System.Threading.Tasks.Task.Delay(System.Int32,System.Threading.CancellationToken)
        _ = Task.Delay(second); // banned: M:System.Threading.Tasks.Task.Delay(System.TimeSpan)
        _ = Task.Delay(second, token); // banned: M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)
        _ = Task.Delay(second, given.Clock); // banned: M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.TimeProvider)
        _ = Task.Delay(second, given.Clock, token); // banned: M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.TimeProvider,System.Threading.CancellationToken)
        _ = given.Work.WaitAsync(token); // banned: M:System.Threading.Tasks.Task.WaitAsync(System.Threading.CancellationToken)
        _ = given.Number.WaitAsync(token); // banned: M:System.Threading.Tasks.Task`1.WaitAsync(System.Threading.CancellationToken)
        _ = given.Work.WaitAsync(second); // banned: M:System.Threading.Tasks.Task.WaitAsync(System.TimeSpan)
        _ = given.Number.WaitAsync(second); // banned: M:System.Threading.Tasks.Task`1.WaitAsync(System.TimeSpan)
        _ = given.Work.WaitAsync(second, token); // banned: M:System.Threading.Tasks.Task.WaitAsync(System.TimeSpan,System.Threading.CancellationToken)
        _ = given.Number.WaitAsync(second, token); // banned: M:System.Threading.Tasks.Task`1.WaitAsync(System.TimeSpan,System.Threading.CancellationToken)
        _ = given.Work.WaitAsync(second, given.Clock); // banned: M:System.Threading.Tasks.Task.WaitAsync(System.TimeSpan,System.TimeProvider)
        _ = given.Number.WaitAsync(second, given.Clock); // banned: M:System.Threading.Tasks.Task`1.WaitAsync(System.TimeSpan,System.TimeProvider)
        _ = given.Work.WaitAsync(second, given.Clock, token); // banned: M:System.Threading.Tasks.Task.WaitAsync(System.TimeSpan,System.TimeProvider,System.Threading.CancellationToken)
        _ = given.Number.WaitAsync(second, given.Clock, token); // banned: M:System.Threading.Tasks.Task`1.WaitAsync(System.TimeSpan,System.TimeProvider,System.Threading.CancellationToken)
        _ = new CancellationTokenSource(1); // banned: M:System.Threading.CancellationTokenSource.#ctor(System.Int32)
        _ = new CancellationTokenSource(second); // banned: M:System.Threading.CancellationTokenSource.#ctor(System.TimeSpan)
        _ = new CancellationTokenSource(second, given.Clock); // banned: M:System.Threading.CancellationTokenSource.#ctor(System.TimeSpan,System.TimeProvider)
        given.Source.CancelAfter(1); // banned: M:System.Threading.CancellationTokenSource.CancelAfter(System.Int32)
        given.Source.CancelAfter(second); // banned: M:System.Threading.CancellationTokenSource.CancelAfter(System.TimeSpan)
        _ = new Timer(given.Callback); // banned: T:System.Threading.Timer
        _ = new PeriodicTimer(second); // banned: T:System.Threading.PeriodicTimer
        _ = new System.Timers.Timer(); // banned: T:System.Timers.Timer
    }

    public static void Chance(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        _ = Guid.NewGuid(); // banned: M:System.Guid.NewGuid
        _ = Guid.CreateVersion7(); // banned: M:System.Guid.CreateVersion7
        _ = Guid.CreateVersion7(given.Instant); // banned: M:System.Guid.CreateVersion7(System.DateTimeOffset)
        _ = Random.Shared; // banned: T:System.Random
        _ = RandomNumberGenerator.GetInt32(2); // banned: T:System.Security.Cryptography.RandomNumberGenerator
        _ = HashCode.Combine(1, 2); // banned: T:System.HashCode
        _ = given.Anything.GetHashCode(); // banned: M:System.Object.GetHashCode
        _ = "text".GetHashCode(); // banned: M:System.String.GetHashCode
        _ = "text".GetHashCode(StringComparison.Ordinal); // banned: M:System.String.GetHashCode(System.StringComparison)
        _ = string.GetHashCode(['t']); // banned: M:System.String.GetHashCode(System.ReadOnlySpan{System.Char})
        _ = string.GetHashCode(['t'], StringComparison.Ordinal); // banned: M:System.String.GetHashCode(System.ReadOnlySpan{System.Char},System.StringComparison)
        _ = RuntimeHelpers.GetHashCode(given.Anything); // banned: M:System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(System.Object)
    }

    public static void Machine(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        _ = Environment.MachineName; // banned: T:System.Environment
        _ = AppContext.BaseDirectory; // banned: T:System.AppContext
        _ = AppDomain.CurrentDomain; // banned: T:System.AppDomain
        _ = RuntimeInformation.OSDescription; // banned: T:System.Runtime.InteropServices.RuntimeInformation
        _ = CultureInfo.CurrentCulture; // banned: P:System.Globalization.CultureInfo.CurrentCulture
        _ = CultureInfo.CurrentUICulture; // banned: P:System.Globalization.CultureInfo.CurrentUICulture
    }

    public static void Threads(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        Thread.Sleep(1); // banned: T:System.Threading.Thread
        _ = ThreadPool.ThreadCount; // banned: T:System.Threading.ThreadPool
        _ = SynchronizationContext.Current; // banned: T:System.Threading.SynchronizationContext
        _ = ExecutionContext.Capture(); // banned: T:System.Threading.ExecutionContext
        _ = new AsyncLocal<int>(); // banned: T:System.Threading.AsyncLocal`1
        _ = new ThreadLocal<int>(); // banned: T:System.Threading.ThreadLocal`1
        _ = Parallel.For(0, 1, given.Step); // banned: T:System.Threading.Tasks.Parallel
        _ = given.Numbers.AsParallel(); // banned: T:System.Linq.ParallelEnumerable
        _ = given.Factory.StartNew(given.Act); // banned: T:System.Threading.Tasks.TaskFactory
        _ = given.NumberFactory.StartNew(given.Count); // banned: T:System.Threading.Tasks.TaskFactory`1
        _ = TaskScheduler.Current; // banned: T:System.Threading.Tasks.TaskScheduler
        _ = Channel.CreateUnbounded<int>(); // banned: T:System.Threading.Channels.Channel
        _ = Task.Run(given.Act); // banned: M:System.Threading.Tasks.Task.Run(System.Action)
        _ = Task.Run(given.Act, token); // banned: M:System.Threading.Tasks.Task.Run(System.Action,System.Threading.CancellationToken)
        _ = Task.Run(given.Do); // banned: M:System.Threading.Tasks.Task.Run(System.Func{System.Threading.Tasks.Task})
        _ = Task.Run(given.Do, token); // banned: M:System.Threading.Tasks.Task.Run(System.Func{System.Threading.Tasks.Task},System.Threading.CancellationToken)
        _ = Task.Run(given.Count); // banned: M:System.Threading.Tasks.Task.Run``1(System.Func{``0})
        _ = Task.Run(given.Count, token); // banned: M:System.Threading.Tasks.Task.Run``1(System.Func{``0},System.Threading.CancellationToken)
        _ = Task.Run(given.CountAsync); // banned: M:System.Threading.Tasks.Task.Run``1(System.Func{System.Threading.Tasks.Task{``0}})
        _ = Task.Run(given.CountAsync, token); // banned: M:System.Threading.Tasks.Task.Run``1(System.Func{System.Threading.Tasks.Task{``0}},System.Threading.CancellationToken)
        given.Work.Start(); // banned: M:System.Threading.Tasks.Task.Start
        given.Work.Start(given.Scheduler); // banned: M:System.Threading.Tasks.Task.Start(System.Threading.Tasks.TaskScheduler)
        _ = Task.Yield(); // banned: M:System.Threading.Tasks.Task.Yield
        _ = given.Work.ConfigureAwait(false); // banned: M:System.Threading.Tasks.Task.ConfigureAwait(System.Boolean)
        _ = given.Work.ConfigureAwait(ConfigureAwaitOptions.None); // banned: M:System.Threading.Tasks.Task.ConfigureAwait(System.Threading.Tasks.ConfigureAwaitOptions)
        _ = given.Number.ConfigureAwait(false); // banned: M:System.Threading.Tasks.Task`1.ConfigureAwait(System.Boolean)
        _ = given.Number.ConfigureAwait(ConfigureAwaitOptions.None); // banned: M:System.Threading.Tasks.Task`1.ConfigureAwait(System.Threading.Tasks.ConfigureAwaitOptions)
        _ = given.ValueWork.ConfigureAwait(false); // banned: M:System.Threading.Tasks.ValueTask.ConfigureAwait(System.Boolean)
        _ = given.ValueNumber.ConfigureAwait(false); // banned: M:System.Threading.Tasks.ValueTask`1.ConfigureAwait(System.Boolean)
        _ = given.Work.ContinueWith(given.After); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task})
        _ = given.Work.ContinueWith(given.AfterWith, given.Anything); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task,System.Object},System.Object)
        _ = given.Work.ContinueWith(given.Then); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,``0})
        _ = given.Work.ContinueWith(given.ThenWith, given.Anything); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,System.Object,``0},System.Object)
        _ = given.Work.ContinueWith(given.After, token); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task},System.Threading.CancellationToken)
        _ = given.Work.ContinueWith(given.AfterWith, given.Anything, token); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task,System.Object},System.Object,System.Threading.CancellationToken)
        _ = given.Work.ContinueWith(given.Then, token); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,``0},System.Threading.CancellationToken)
        _ = given.Work.ContinueWith(given.ThenWith, given.Anything, token); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,System.Object,``0},System.Object,System.Threading.CancellationToken)
        _ = given.Work.ContinueWith(given.After, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task},System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.AfterWith, given.Anything, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task,System.Object},System.Object,System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.Then, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,``0},System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.ThenWith, given.Anything, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,System.Object,``0},System.Object,System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.After, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task},System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Work.ContinueWith(given.AfterWith, given.Anything, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task,System.Object},System.Object,System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Work.ContinueWith(given.Then, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,``0},System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Work.ContinueWith(given.ThenWith, given.Anything, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,System.Object,``0},System.Object,System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Work.ContinueWith(given.After, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task},System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.AfterWith, given.Anything, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith(System.Action{System.Threading.Tasks.Task,System.Object},System.Object,System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.Then, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,``0},System.Threading.Tasks.TaskScheduler)
        _ = given.Work.ContinueWith(given.ThenWith, given.Anything, given.Scheduler); // banned: M:System.Threading.Tasks.Task.ContinueWith``1(System.Func{System.Threading.Tasks.Task,System.Object,``0},System.Object,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.AfterNumber); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0}})
        _ = given.Number.ContinueWith(given.AfterNumberWith, given.Anything); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0},System.Object},System.Object)
        _ = given.Number.ContinueWith(given.ThenNumber); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0})
        _ = given.Number.ContinueWith(given.ThenNumberWith, given.Anything); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},System.Object,``0},System.Object)
        _ = given.Number.ContinueWith(given.AfterNumber, token); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0}},System.Threading.CancellationToken)
        _ = given.Number.ContinueWith(given.AfterNumberWith, given.Anything, token); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0},System.Object},System.Object,System.Threading.CancellationToken)
        _ = given.Number.ContinueWith(given.ThenNumber, token); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0},System.Threading.CancellationToken)
        _ = given.Number.ContinueWith(given.ThenNumberWith, given.Anything, token); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},System.Object,``0},System.Object,System.Threading.CancellationToken)
        _ = given.Number.ContinueWith(given.AfterNumber, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0}},System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.AfterNumberWith, given.Anything, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0},System.Object},System.Object,System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.ThenNumber, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0},System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.ThenNumberWith, given.Anything, token, TaskContinuationOptions.None, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},System.Object,``0},System.Object,System.Threading.CancellationToken,System.Threading.Tasks.TaskContinuationOptions,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.AfterNumber, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0}},System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Number.ContinueWith(given.AfterNumberWith, given.Anything, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0},System.Object},System.Object,System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Number.ContinueWith(given.ThenNumber, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0},System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Number.ContinueWith(given.ThenNumberWith, given.Anything, TaskContinuationOptions.None); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},System.Object,``0},System.Object,System.Threading.Tasks.TaskContinuationOptions)
        _ = given.Number.ContinueWith(given.AfterNumber, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0}},System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.AfterNumberWith, given.Anything, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith(System.Action{System.Threading.Tasks.Task{`0},System.Object},System.Object,System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.ThenNumber, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},``0},System.Threading.Tasks.TaskScheduler)
        _ = given.Number.ContinueWith(given.ThenNumberWith, given.Anything, given.Scheduler); // banned: M:System.Threading.Tasks.Task`1.ContinueWith``1(System.Func{System.Threading.Tasks.Task{`0},System.Object,``0},System.Object,System.Threading.Tasks.TaskScheduler)
        _ = given.Source.CancelAsync(); // banned: M:System.Threading.CancellationTokenSource.CancelAsync
    }

    public static void LocksAndBlockingWaits(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        Monitor.Enter(given.Anything); // banned: T:System.Threading.Monitor
        given.Gate.Enter(); // banned: T:System.Threading.Lock
        _ = given.Slots.WaitAsync(); // banned: T:System.Threading.SemaphoreSlim
        _ = new Semaphore(1, 1); // banned: T:System.Threading.Semaphore
        _ = new Mutex(); // banned: T:System.Threading.Mutex
        _ = given.Handle.WaitOne(); // banned: T:System.Threading.WaitHandle
        _ = new EventWaitHandle(false, EventResetMode.ManualReset); // banned: T:System.Threading.EventWaitHandle
        _ = new ManualResetEvent(false); // banned: T:System.Threading.ManualResetEvent
        _ = new AutoResetEvent(false); // banned: T:System.Threading.AutoResetEvent
        _ = new ManualResetEventSlim(); // banned: T:System.Threading.ManualResetEventSlim
        _ = new ReaderWriterLockSlim(); // banned: T:System.Threading.ReaderWriterLockSlim
        _ = new CountdownEvent(1); // banned: T:System.Threading.CountdownEvent
        _ = new Barrier(1); // banned: T:System.Threading.Barrier
        _ = new SpinLock(false); // banned: T:System.Threading.SpinLock
        SpinWait.SpinUntil(given.True); // banned: T:System.Threading.SpinWait
        _ = new BlockingCollection<int>(); // banned: T:System.Collections.Concurrent.BlockingCollection`1
        given.Work.RunSynchronously(); // banned: M:System.Threading.Tasks.Task.RunSynchronously
        given.Work.RunSynchronously(given.Scheduler); // banned: M:System.Threading.Tasks.Task.RunSynchronously(System.Threading.Tasks.TaskScheduler)
        given.Work.Wait(); // banned: M:System.Threading.Tasks.Task.Wait
        given.Work.Wait(1); // banned: M:System.Threading.Tasks.Task.Wait(System.Int32)
        given.Work.Wait(1, token); // banned: M:System.Threading.Tasks.Task.Wait(System.Int32,System.Threading.CancellationToken)
        given.Work.Wait(token); // banned: M:System.Threading.Tasks.Task.Wait(System.Threading.CancellationToken)
        given.Work.Wait(second); // banned: M:System.Threading.Tasks.Task.Wait(System.TimeSpan)
        given.Work.Wait(second, token); // banned: M:System.Threading.Tasks.Task.Wait(System.TimeSpan,System.Threading.CancellationToken)
        Task.WaitAll(works); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[])
        _ = Task.WaitAny(works); // banned: M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[])
        Task.WaitAll(works, 1); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[],System.Int32)
        _ = Task.WaitAny(works, 1); // banned: M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[],System.Int32)
        Task.WaitAll(works, 1, token); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[],System.Int32,System.Threading.CancellationToken)
        _ = Task.WaitAny(works, 1, token); // banned: M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[],System.Int32,System.Threading.CancellationToken)
        Task.WaitAll(works, token); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[],System.Threading.CancellationToken)
        _ = Task.WaitAny(works, token); // banned: M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[],System.Threading.CancellationToken)
        Task.WaitAll(works, second); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task[],System.TimeSpan)
        _ = Task.WaitAny(works, second); // banned: M:System.Threading.Tasks.Task.WaitAny(System.Threading.Tasks.Task[],System.TimeSpan)
        Task.WaitAll(new ReadOnlySpan<Task>(works)); // banned: M:System.Threading.Tasks.Task.WaitAll(System.ReadOnlySpan{System.Threading.Tasks.Task})
        Task.WaitAll(given.ManyWorks, token); // banned: M:System.Threading.Tasks.Task.WaitAll(System.Collections.Generic.IEnumerable{System.Threading.Tasks.Task},System.Threading.CancellationToken)
    }

    public static void IO(Given given, TimeSpan second, Task[] works, CancellationToken token)
    {
        _ = File.Exists("x"); // banned: T:System.IO.File
        _ = Directory.Exists("x"); // banned: T:System.IO.Directory
        _ = new FileStream("x", FileMode.Open); // banned: T:System.IO.FileStream
        _ = new FileInfo("x"); // banned: T:System.IO.FileInfo
        _ = new DirectoryInfo("x"); // banned: T:System.IO.DirectoryInfo
        _ = given.Entry.Exists; // banned: T:System.IO.FileSystemInfo
        _ = DriveInfo.GetDrives(); // banned: T:System.IO.DriveInfo
        _ = new StreamReader("x"); // banned: T:System.IO.StreamReader
        _ = new StreamWriter("x"); // banned: T:System.IO.StreamWriter
        _ = new FileSystemWatcher(); // banned: T:System.IO.FileSystemWatcher
        _ = RandomAccess.GetLength(given.Open); // banned: T:System.IO.RandomAccess
        _ = Path.GetFullPath("x"); // banned: M:System.IO.Path.GetFullPath(System.String)
        _ = Path.Exists("x"); // banned: M:System.IO.Path.Exists(System.String)
        _ = Path.GetTempPath(); // banned: M:System.IO.Path.GetTempPath
        _ = Path.GetTempFileName(); // banned: M:System.IO.Path.GetTempFileName
        _ = Path.GetRandomFileName(); // banned: M:System.IO.Path.GetRandomFileName
        _ = System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile("x"); // banned: N:System.IO.MemoryMappedFiles
        _ = new System.IO.Pipes.AnonymousPipeServerStream(); // banned: N:System.IO.Pipes
        _ = System.IO.IsolatedStorage.IsolatedStorageFile.GetUserStoreForAssembly(); // banned: N:System.IO.IsolatedStorage
        Console.WriteLine("x"); // banned: T:System.Console
        _ = Process.GetCurrentProcess(); // banned: T:System.Diagnostics.Process
        _ = new System.Net.Http.HttpClient(); // banned: N:System.Net.Http
        _ = System.Net.Sockets.Socket.OSSupportsIPv6; // banned: N:System.Net.Sockets
        _ = new System.Net.WebSockets.ClientWebSocket(); // banned: N:System.Net.WebSockets
        _ = System.Net.NetworkInformation.NetworkInterface.GetIsNetworkAvailable(); // banned: N:System.Net.NetworkInformation
        _ = System.Net.Dns.GetHostName(); // banned: T:System.Net.Dns
    }

    public static async Task<int> Allowed(Given given, DateTimeOffset now, CancellationToken token)
    {
        state++;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(token);
        source.Cancel();
        var first = await Task.WhenAny(given.Work, given.Number);
        await Task.WhenAll(first, given.Work);
        var wait = new TaskCompletionSource<int>();
        wait.SetResult(state);
        return await wait.Task + now.AddSeconds(1).Minute + Path.Combine("a", "b").Length + new Guid(1, 2, 3, new byte[8]).ToByteArray().Length;
    }
}
