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
    private readonly FakeRuns runs = new();
    private readonly InstantTime time = new();
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

    private static LoadSample Waiting(int background, int workflow = 0) => new() { Slots = 10, Running = 10, EndedPerSecond = 10, Waiting = new(0, workflow, background) };

    private static AgentTaskMessage Of(string lane) => Task with { ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { ["priority"] = lane } };

    private Task<Disposition> ProcessAsync(AgentTaskMessage message, CancellationToken stopping = default)
    {
        // An environment of its own for each: what one message was told does not count for the next.
        var environment = new ApiEnvironment(AgentFunctionsCatalog.Create(), new MemoryContentStore(), Options.Create(new ApiOptions()), Mock.Of<IHostState>(), TimeProvider.System, NullLogger<ApiEnvironment>.Instance, new ApiParts { Load = load.Object, Admission = new AdmissionOptions() });
        return new AgentTaskProcessor(environment, time, NullLogger<AgentTaskProcessor>.Instance).ProcessAsync(message, runs.Client, stopping);
    }
}
