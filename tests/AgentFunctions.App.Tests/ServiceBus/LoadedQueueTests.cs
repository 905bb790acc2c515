using System.Text;
using AgentFunctions.Api;
using AgentFunctions.Api.Admission;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.ServiceBus;

/// <summary>Messages that come to a loaded worker.</summary>
public sealed class LoadedQueueTests
{
    private static readonly AgentTaskMessage Task = new() { MessageId = "m-1", Subject = "ToolFanOut", Body = Encoding.UTF8.GetBytes("""{"calls":[{"tool":"echo","arguments":{"value":"hi"}}]}""") };
    private readonly Mock<ILoadSource> load = new(MockBehavior.Strict);
    private readonly Mock<IHostState> state = new();
    private readonly FakeRuns runs = new();
    private readonly InstantTime time = new();
    private readonly AdmissionOptions admission = new();
    private LoadSample sample = Waiting(background: 80);
    private int reads;

    public LoadedQueueTests() => load.Setup(source => source.Read()).Returns(() =>
    {
        reads++;
        return sample;
    });

    [Fact]
    public async Task Process_LaneHasRoom_StartsAtOnce()
    {
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Of("workflow")));
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Of("interactive") with { MessageId = "m-2" }));
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Process_LaneIsShed_HoldsTheMessageUntilThereIsRoom()
    {
        load.Setup(source => source.Read()).Returns(() => ++reads < 5 ? sample : new LoadSample());
        var complete = Assert.IsType<Disposition.Complete>(await ProcessAsync(Of("background")));
        Assert.Equal(RunPriority.Background, runs.Started[complete.InstanceId].Priority);
        Assert.Equal(4, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(1), MessageHold.LongestPause));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Process_HeldInVain_IsGivenBackAtOnceForAnotherWorker(int delivery)
    {
        var abandon = Assert.IsType<Disposition.Abandon>(await ProcessAsync(Of("background") with { DeliveryCount = delivery }));
        Assert.Equal(TimeSpan.Zero, abandon.Delay);
        Assert.StartsWith("Throttled: Lane background is full: 80 activities are ahead", Assert.IsType<string>(abandon.Properties[AgentTaskProcessor.FailureProperty]), StringComparison.Ordinal);
        Assert.InRange(time.Waits.Aggregate((sum, wait) => sum + wait), TimeSpan.FromMinutes(3.98), TimeSpan.FromMinutes(4));
        Assert.Empty(runs.Started);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public async Task Process_HeldInVainMoreOften_IsStartedSoThatOverloadMakesNoDeadLetters(int delivery)
    {
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Of("background") with { DeliveryCount = delivery }));
        Assert.InRange(time.Waits.Aggregate((sum, wait) => sum + wait), TimeSpan.FromMinutes(3.98), TimeSpan.FromMinutes(4));
        Assert.Single(runs.Started);
    }

    [Fact]
    public async Task Process_LongOverload_NoMessageComesNearItsLastDelivery()
    {
        // Each delivery as the broker makes it, as long as the message is given back.
        var message = Of("background") with { DeliveryCount = 1 };
        while (await ProcessAsync(message) is Disposition.Abandon) message = message with { DeliveryCount = message.DeliveryCount + 1 };
        Assert.Equal(3, message.DeliveryCount);
        Assert.Single(runs.Started);
    }

    [Fact]
    public async Task Process_WorkerStopsWhileItHolds_GivesBackWithoutMoreWaiting()
    {
        using var stopping = new CancellationTokenSource();
        load.Setup(source => source.Read()).Returns(() =>
        {
            if (++reads == 2) stopping.Cancel();
            return sample;
        });
        Assert.IsType<Disposition.Abandon>(await ProcessAsync(Of("background"), stopping.Token));
        Assert.Single(time.Waits);
    }

    [Fact]
    public async Task Process_WorkerStopsInAPause_DoesNotCountWhatWasLeftOfIt()
    {
        // 8 s for a place of 9 s: a pause of some seconds, had it passed, would make it too late.
        using var stopping = new CancellationTokenSource();
        var clock = new ManualTime();
        var processed = ProcessAsync(Due(Of("background"), "9s", 0), clock, stopping.Token);
        await clock.NextTimerAsync();
        await stopping.CancelAsync();
        Assert.IsType<Disposition.Abandon>(await processed);
    }

    [Fact]
    public async Task Process_WorkerDrainsWhileItHolds_GivesBackWithoutMoreWaiting()
    {
        // Told to the worker alone: the Functions host has cancelled no call yet.
        using var drain = new CancellationTokenSource();
        state.Setup(host => host.DrainToken).Returns(drain.Token);
        load.Setup(source => source.Read()).Returns(() =>
        {
            if (++reads == 2) drain.Cancel();
            return sample;
        });
        Assert.IsType<Disposition.Abandon>(await ProcessAsync(Of("background")));
        Assert.Single(time.Waits);
    }

    [Fact]
    public async Task Process_RedeliveryOfARunThatExists_IsNotHeld()
    {
        var first = await ProcessAsync(Of("workflow"));
        sample = Waiting(background: 0, workflow: 10_000);
        Assert.Equal(first, await ProcessAsync(Of("workflow") with { DeliveryCount = 2 }));
        Assert.Equal((0, 1), (time.Waits.Count, runs.Started.Count));
    }

    [Fact]
    public async Task Process_SameMessageIdWithAnotherBody_IsDeadForAllTheLoad()
    {
        await ProcessAsync(Of("workflow"));
        sample = Waiting(background: 0, workflow: 10_000);
        Assert.Equal("idempotency-conflict", Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Of("workflow") with { Body = """{"calls":[{"tool":"echo","arguments":{"value":"ho"}}]}"""u8.ToArray() })).Reason);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Process_SameTaskWrittenInAnotherWay_IsTheSameRun()
    {
        var first = await ProcessAsync(Of("workflow"));
        Assert.Equal(first, await ProcessAsync(Of("workflow") with { Body = """ { "calls": [ {"arguments":{"value":"h\u0069"}, "tool":"echo"} ], "quorum": "all" } """u8.ToArray() }));
    }

    [Fact]
    public async Task Process_BadMessageOfALoadedWorker_IsDeadAtOnce()
    {
        Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Of("background") with { Body = "{"u8.ToArray() }));
        Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Of("background") with { Body = """{"calls":[]}"""u8.ToArray() }));
        Assert.Equal((0, 0), (time.Waits.Count, reads));
    }

    [Theory]
    [InlineData("30s", 22)]
    [InlineData("00:00:30", 0)]
    [InlineData("8s", -3600)]
    [InlineData("8s", null)]
    public async Task Process_DeadlineThatCanBeMet_Starts(string deadline, int? secondsAgo)
    {
        // 7 s for a place. What the broker's clock says to lie ahead has just come.
        sample = Waiting(background: 0, workflow: 70);
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Due(Of("workflow"), deadline, secondsAgo)));
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Process_ResultWouldComeTooLate_IsDeadAtOnceWithTheNumbers()
    {
        sample = Waiting(background: 0, workflow: 70);
        var dead = Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Due(Of("workflow"), "30s", 24)));

        Assert.Equal("deadline-missed", dead.Reason);
        Assert.Equal("The result would come too late: the message's deadline is 30 s after the queue took it; 6 s of them are left, and the run's first activity would wait 7 s for a place (70 are ahead of it), a model call 0 s. Nothing was started. Where the work is still of use, send it again with a longer 'deadline' or without one.", dead.Description);
        Assert.Equal((0, 0), (time.Waits.Count, runs.Started.Count));
    }

    [Fact]
    public async Task Process_DeadlineWasOverInTheQueue_IsDeadOnAnIdleWorker()
    {
        sample = new LoadSample();
        var dead = Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Due(Of("interactive"), "30s", 31)));
        Assert.Contains("they were over 1 s ago", dead.Description, StringComparison.Ordinal);
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Process_DeadlineRunsOutWhileHeld_IsDeadAsSoonAsItCanNotBeMet()
    {
        // 8 s for a place: from 12 s on the result would be too late.
        Assert.Equal("deadline-missed", Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Due(Of("background"), "20s", 0))).Reason);
        Assert.InRange(time.Waits.Aggregate((sum, wait) => sum + wait), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(12) + MessageHold.LongestPause);
        Assert.Empty(runs.Started);
    }

    [Fact]
    public async Task Process_RoomBeforeTheDeadline_Starts()
    {
        load.Setup(source => source.Read()).Returns(() => ++reads < 3 ? sample : new LoadSample());
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Due(Of("background"), "20s", 0)));
        Assert.Equal(2, time.Waits.Count);
    }

    [Fact]
    public async Task Process_HeldInVainMoreOftenWithTimeLeft_IsStarted() =>
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Due(Of("background"), "01:00:00", 600) with { DeliveryCount = 3 }));

    [Fact]
    public async Task Process_RedeliveryAfterTheDeadline_FindsTheRunThatExists()
    {
        var first = await ProcessAsync(Due(Of("workflow"), "30s", 0));
        Assert.IsType<Disposition.Complete>(first);
        Assert.Equal(first, await ProcessAsync(Due(Of("workflow"), "30s", 300) with { DeliveryCount = 2 }));
        Assert.Single(runs.Started);
    }

    [Fact]
    public async Task Process_ShedsNothing_DeadlinesMeanNothing()
    {
        admission.Enabled = false;
        Assert.IsType<Disposition.Complete>(await ProcessAsync(Due(Of("workflow"), "30s", 300)));
        Assert.IsType<Disposition.DeadLetter>(await ProcessAsync(Due(Of("workflow"), "soon", 0)));
    }

    [Fact]
    public async Task Process_WokenLateWhileItHolds_HoldsNoLongerForIt()
    {
        // Each pause takes a minute, whatever was asked for.
        var slow = new SlowTime(TimeSpan.FromMinutes(1));
        Assert.IsType<Disposition.Abandon>(await ProcessAsync(Of("background"), slow));
        Assert.Equal(4, slow.Waits);
    }

    private AgentTaskMessage Due(AgentTaskMessage message, string deadline, int? secondsAgo) => message with
    {
        ApplicationProperties = new Dictionary<string, object>(message.ApplicationProperties, StringComparer.Ordinal) { ["deadline"] = deadline },
        EnqueuedAt = secondsAgo is { } seconds ? time.GetUtcNow().AddSeconds(-seconds) : null,
    };

    private static LoadSample Waiting(int background, int workflow = 0) => new() { Slots = 10, Running = 10, EndedPerSecond = 10, Waiting = new(0, workflow, background) };

    private static AgentTaskMessage Of(string lane) => Task with { ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { ["priority"] = lane } };

    private Task<Disposition> ProcessAsync(AgentTaskMessage message, CancellationToken stopping = default) => ProcessAsync(message, time, stopping);

    private Task<Disposition> ProcessAsync(AgentTaskMessage message, TimeProvider clock, CancellationToken stopping = default)
    {
        // An environment of its own for each: what one message was told does not count for the next.
        var environment = new ApiEnvironment(AgentFunctionsCatalog.Create(), new MemoryContentStore(), Options.Create(new ApiOptions()), state.Object, TimeProvider.System, NullLogger<ApiEnvironment>.Instance, new ApiParts { Load = load.Object, Admission = admission });
        return new AgentTaskProcessor(environment, clock, NullLogger<AgentTaskProcessor>.Instance).ProcessAsync(message, runs.Client, stopping);
    }

    /// <summary>A clock whose timers fire at once, and say that this long has passed.</summary>
    private sealed class SlowTime(TimeSpan each) : TimeProvider
    {
        private int waits;

        public int Waits => Volatile.Read(ref waits);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => each.Ticks * Waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref waits);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
