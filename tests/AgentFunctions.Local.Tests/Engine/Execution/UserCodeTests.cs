using System.Text.Json;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Engine.Execution;

/// <summary>Users' code throws in odd places: it is their run's failure, and the engine lives.</summary>
public sealed class UserCodeTests
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Fails = new("Fails");
    private static readonly ActivityReference<int, OneWay> Writes = new("Writes");

    [Fact]
    public Task Event_OfATypeThatNoContextKnows_FailsTheRun() => FailsAsync(
        nameof(NotSupportedException),
        async (context, x) => (await context.WaitForExternalEventAsync<Unregistered>("go")).Value + x,
        payload: """{"value":1}""");

    [Fact]
    public Task Event_WhoseConstructorThrows_FailsTheRun() => FailsAsync(
        nameof(InvalidOperationException),
        async (context, x) => (await context.WaitForExternalEventAsync<Fussy>("go")).Value + x,
        payload: """{"value":-1}""");

    [Fact]
    public Task ActivityOutput_WhoseConverterThrows_FailsTheRun() => FailsAsync(
        nameof(InvalidTimeZoneException),
        async (context, x) => (await context.CallActivityAsync(Writes, x)).Value);

    [Fact]
    public Task AsyncVoid_ThatThrows_FailsTheRun() => FailsAsync(
        nameof(IOException),
        async (context, x) =>
        {
#pragma warning disable VSTHRD101, MA0147 // The mistake that this is about: a lambda that looks like a task and is none.
            new List<int> { 1, 2, 3 }.ForEach(async i => await context.CallActivityAsync(Fails, i));
#pragma warning restore VSTHRD101, MA0147
            await context.WaitForExternalEventAsync<int>("never");
            return x;
        });

    [Fact]
    public Task CancelAfter_OnATokenOfTheContext_FailsTheRunNamingTheRule() => FailsAsync(
        "ForeignTaskException",
        async (context, x) =>
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(context.WaitForExternalEventAsync<int>("never", cancellation.Token), context.CreateTimerAsync(TimeSpan.FromDays(1), cancellation.Token));
            return x;
        });

    [Fact]
    public Task EntityCall_WithoutAnAddress_FailsTheRun() => FailsAsync(nameof(ArgumentException), (context, x) => context.CallEntityAsync(default, CounterEntity.Add, x));

    [Fact]
    public Task EntitySignal_WithoutAnAddress_FailsTheRun() => FailsAsync(nameof(ArgumentException), (context, x) =>
    {
        context.SignalEntity(default, CounterEntity.Add, x);
        return Task.FromResult(x);
    });

    [Fact]
    public Task Activity_WithoutAName_FailsTheRun() => FailsAsync(nameof(ArgumentNullException), (context, x) => context.CallActivityAsync(new ActivityReference<int, int>(null!), x));

    [Fact]
    public Task SubOrchestration_WithAnEmptyInstanceId_FailsTheRun() => FailsAsync(nameof(ArgumentException), (context, x) => context.CallSubOrchestratorAsync(TestCatalog.AddOne, x, instanceId: ""));

    [Fact]
    public Task Entity_WhoseInitialStateThrows_FailsTheCall() => FailsAsync(nameof(TimeZoneNotFoundException), (context, x) => context.CallEntityAsync(new EntityId("Stateless", "a"), CounterEntity.Add, x));

    [Fact]
    public Task Orchestrator_ThrowsAnExceptionWithoutAMessage_FailsTheRun() => FailsAsync(nameof(WordlessException), (_, _) => throw new WordlessException());

    [Fact]
    public async Task Entity_WhoseStateCanNotBeWrittenForAReader_RefusesTheReader()
    {
        await using var engine = new TestEngine(c => c.AddEntity("Flaky", new FlakyEntity()));
        var id = new EntityId("Flaky", "a");
        await engine.Client.SignalEntityAsync(id, CounterEntity.Add, 1);
        FlakyState.Broken = true;
        try
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.GetEntityStateAsync<FlakyState>(id).WaitAsync(TestEngine.Patience));
        }
        finally
        {
            FlakyState.Broken = false;
        }

        Assert.NotNull(await engine.Client.GetEntityStateAsync<FlakyState>(id));
        await engine.AssertAliveAsync();
    }

    [Fact]
    public async Task Client_AddressOrPriorityThatIsNone_IsRefused()
    {
        await using var engine = new TestEngine(c => c.Counter());

        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.SignalEntityAsync(default, CounterEntity.Add, 1));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.GetEntityStateAsync<CounterState>(default));
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.StartAsync("AddOne", JsonElement.Parse("1"), new StartOptions { Priority = (RunPriority)9 }));

        Assert.Contains("Interactive", refused.Message, StringComparison.Ordinal);
        await engine.AssertAliveAsync();
    }

    private static async Task FailsAsync(string type, Func<OrchestrationContext, int, Task<int>> body, string? payload = null)
    {
        await using var engine = new TestEngine(c => c
            .Activity(Fails, _ => throw new IOException("as asked"))
            .Activity(Writes, x => new OneWay(x))
            .AddEntity("Stateless", new StatelessEntity())
            .Orchestrator(Main, body));
        var id = await engine.StartAsync(Main, 1);
        if (payload is not null)
        {
            await engine.Client.RaiseEventAsync(id, "go", JsonElement.Parse(payload)).WaitAsync(TestEngine.Patience);
        }

        var ended = await engine.EndAsync(id);

        Assert.Equal((RuntimeStatus.Failed, type), (ended.RuntimeStatus, ended.Failure?.Type));
        await engine.AssertAliveAsync();
        await engine.RestartAsync();
        Assert.Equal(RuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);
        await engine.AssertAliveAsync();
    }

    private sealed record Unregistered(int Value);

    private sealed class WordlessException : Exception
    {
        public override string Message => null!;
    }

    private sealed class StatelessEntity : Entity<CounterState>
    {
        public StatelessEntity() => On(CounterEntity.Add, (state, by, _) => (state, by));

        protected override CounterState InitialState => throw new TimeZoneNotFoundException("no state to begin with");
    }

    private sealed class FlakyEntity : Entity<FlakyState>
    {
        public FlakyEntity() => On(CounterEntity.Add, (state, by, _) => (state, by));

        protected override FlakyState InitialState { get; } = new();
    }
}
