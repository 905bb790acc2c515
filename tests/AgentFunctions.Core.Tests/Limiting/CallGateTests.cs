using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Tests.Models.Batching;
using AgentFunctions.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Limiting;

public sealed class CallGateTests
{
    private readonly ManualTime time = new();
    private readonly LimitOptions options = new() { MaxInFlight = 2 };

    public CallGateTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Fact]
    public async Task Enter_PlacesAreTaken_NextComesInWhenOneLeavesAndByLane()
    {
        var gate = Gate(1);
        var first = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var background = gate.EnterAsync(RunPriority.Background, CancellationToken.None);
        var workflow = gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var interactive = gate.EnterAsync(RunPriority.Interactive, CancellationToken.None);
        Assert.Equal((1, 1, 3), (gate.Status().Most, gate.Status().InFlight, gate.Status().Waiting));

        first.Dispose();
        first.Dispose();
        (await Soon(interactive)).Dispose();
        (await Soon(workflow)).Dispose();
        (await Soon(background)).Dispose();

        Assert.Equal((0, 0), (gate.Status().InFlight, gate.Status().Waiting));
    }

    [Fact]
    public async Task Enter_BackgroundHasWaitedLong_GoesBeforeNewInteractiveOnes()
    {
        var gate = Gate(1);
        var first = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var background = gate.EnterAsync(RunPriority.Background, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(61));
        var interactive = gate.EnterAsync(RunPriority.Interactive, CancellationToken.None);
        first.Dispose();
        using var place = await Soon(background);
        Assert.False(interactive.IsCompleted);
    }

    [Fact]
    public async Task Enter_LongerThanItsLaneMayWait_IsRefusedWithATime()
    {
        var gate = Gate(1);
        using var first = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var call = gate.EnterAsync(RunPriority.Interactive, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => call);
        Assert.Contains("1 calls of 'm@h' are in flight", refused.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(0, gate.Status().Waiting);
    }

    [Fact]
    public async Task Enter_QueueIsLongerThanTheWait_IsRefusedAtOnceWithTheForecast()
    {
        var gate = Gate(1);
        var place = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var waiting = new Queue<Task<IDisposable>>(Enumerable.Range(0, 60).Select(_ => gate.EnterAsync(RunPriority.Workflow, CancellationToken.None)));
        for (var i = 0; i < 30; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            place.Dispose();
            place = await Soon(waiting.Dequeue());
        }

        // Two a second get in, and thirty wait.
        Assert.InRange(gate.Status().ForecastWait, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(18));
        time.Advance(TimeSpan.FromMilliseconds(2500));
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => gate.EnterAsync(RunPriority.Interactive, CancellationToken.None));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Enter_Cancelled_LeavesTheQueue()
    {
        var gate = Gate(1);
        using var cancel = new CancellationTokenSource();
        var first = await gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        var gone = gate.EnterAsync(RunPriority.Workflow, cancel.Token);
        var next = gate.EnterAsync(RunPriority.Workflow, CancellationToken.None);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Dispose();
        (await Soon(next)).Dispose();
    }

    /// <summary>Whatever calls come, end and are given up: never more in flight than may be, and nobody waits while there is a place.</summary>
    [Fact]
    public void Enter_AnyTraffic_NeverMoreThanTheLimitAndNoPlaceIsLost()
    {
        var act = from kind in Gen.Choose(0, 3) from lane in Gen.Elements(Enum.GetValues<RunPriority>()) from place in Gen.Choose(0, 100) select (kind, lane, place);
        var cases = from most in Gen.Choose(1, 4) from acts in act.ListOf(60) select (most, acts.ToList());
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            var gate = Gate(@case.most);
            List<(Task<IDisposable> Call, CancellationTokenSource Cancel)> calls = [];
            foreach (var (kind, lane, place) in @case.Item2)
            {
                if (kind <= 1)
                {
                    var cancel = new CancellationTokenSource();
                    calls.Add((gate.EnterAsync(lane, cancel.Token), cancel));
                }
                else if (calls.Count > 0)
                {
                    var (call, cancel) = calls[place % calls.Count];
                    calls.RemoveAt(place % calls.Count);
                    if (kind == 2 || !call.IsCompletedSuccessfully) cancel.Cancel();
                    call.ContinueWith(done => { if (done.IsCompletedSuccessfully) done.Result.Dispose(); }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(10));
                }

                var status = gate.Status();
                Assert.InRange(status.InFlight, 0, @case.most);
                Assert.True(status.Waiting == 0 || status.InFlight == @case.most, $"{status}");
                Assert.Equal(calls.Count, status.InFlight + status.Waiting);
            }
        }));
    }

    [Fact]
    public async Task Chats_MoreThanMayBeInFlight_StreamsHoldTheirPlaceUntilTheirEnd()
    {
        var gate = Gate(1);
        using var client = new GatedChatClient(new Updates(), gate);
        await using var stream = client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "x")]).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        var call = client.GetResponseAsync([new ChatMessage(ChatRole.User, "y")]);
        Assert.Equal((1, 1), (gate.Status().InFlight, gate.Status().Waiting));
        while (await stream.MoveNextAsync()) Assert.False(call.IsCompleted);
        Assert.Equal("done", (await call.WaitAsync(TimeSpan.FromSeconds(10))).Text);
        Assert.Equal(0, gate.Status().InFlight);
    }

    [Fact]
    public async Task Embeddings_CallFails_PlaceIsFreeAgain()
    {
        var gate = Gate(1);
        using var generator = new GatedEmbeddingGenerator(new ScriptedEmbeddings { Script = _ => throw new TimeoutException("slow") }, gate);
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<TimeoutException>(() => generator.GenerateAsync(["x"]));
        Assert.Equal(0, gate.Status().InFlight);
    }

    [Fact]
    public void AddModels_WithAndWithoutASetting_OnlyThenThereAreGates()
    {
        var models = new ModelOptions { Endpoint = new Uri("https://one.example/v1") };
        using var without = new ServiceCollection().AddModels(models).BuildServiceProvider();
        using var with = new ServiceCollection().Configure<LimitOptions>(limits => limits.MaxInFlight = 7).AddModels(models).BuildServiceProvider();
        Assert.Null(without.GetRequiredService<IModelCatalog>().Resolve("fast").Client.GetService(typeof(GatedChatClient)));
        Assert.Null(without.GetRequiredService<CallGates>().Status());
        Assert.NotNull(with.GetRequiredService<IModelCatalog>().Resolve("fast").Client.GetService(typeof(GatedChatClient)));
        Assert.NotNull(with.GetRequiredService<IEmbeddingCatalog>().Resolve("embedding").Generator.GetService(typeof(GatedEmbeddingGenerator)));
        Assert.All(with.GetRequiredService<CallGates>().Status()!, gate => Assert.Equal((7, 0), (gate.Most, gate.InFlight)));
        Assert.Equal(["Limits:MaxInFlight is 0. Set it to between 1 and 10,000, or leave it out."], new LimitOptionsValidation().Validate(null, new LimitOptions { MaxInFlight = 0 }).Failures);
        Assert.Equal(ValidateOptionsResult.Success, new LimitOptionsValidation().Validate(null, options));
    }

    private static Task<IDisposable> Soon(Task<IDisposable> call) => call.WaitAsync(TimeSpan.FromSeconds(10));

    private CallGate Gate(int most) => new("m@h", most, options, time);

    private sealed class Updates : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "done")));

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return new ChatResponseUpdate(ChatRole.Assistant, "part");
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
