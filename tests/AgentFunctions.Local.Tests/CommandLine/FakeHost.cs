using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Local.CommandLine;
using Moq;

namespace AgentFunctions.Local.Tests.CommandLine;

/// <summary>A host whose engine is a mock.</summary>
internal sealed class FakeHost : ILocalHost, ILocalHostFactory
{
    public static readonly DateTimeOffset Created = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TaskCompletionSource completion = new();

    public FakeHost() => Ends(RuntimeStatus.Completed, "\"done\"");

    public Mock<IRunClient> Mock { get; } = new(MockBehavior.Strict);

    public List<LocalHostOptions> Starts { get; } = [];

    public int Disposals { get; private set; }

    /// <summary>The graces it was drained with.</summary>
    public List<TimeSpan> Drains { get; } = [];

    /// <summary>How many activities it says had not ended.</summary>
    public int Unended { get; set; }

    /// <summary>What happens while it is drained.</summary>
    public Action? WhileDraining { get; set; }

    public Exception? StartFailure { get; set; }

    public IRunClient Client => Mock.Object;

    public Catalog Catalog { get; } = new CatalogBuilder()
        .AddJson(CommandLineJsonContext.Default)
        .AddOrchestrator(new OrchestratorReference<GreetInput, string>("Greet"), new Greet())
        .AddOrchestrator(new OrchestratorReference<PaperInput, string>("MapReduce"), new Papers())
        .AddOrchestrator(new OrchestratorReference<PaperInput, string>("MapReducePart"), new Papers(), isInternal: true)
        .Build();

    public IContentStore Content { get; } = new Mock<IContentStore>(MockBehavior.Strict).Object;

    public IRunOutputStore Output { get; } = new MemoryRunOutput();

    public bool RunBudgets { get; set; } = true;

    public Uri? Address => Starts[^1].Urls is null ? null : new Uri("http://127.0.0.1:7171");

    public Task Completion => completion.Task;

    public Task<ILocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        Starts.Add(options);
        return StartFailure is null ? Task.FromResult<ILocalHost>(this) : Task.FromException<ILocalHost>(StartFailure);
    }

    public Task<int> DrainAsync(TimeSpan grace, CancellationToken hurry)
    {
        Drains.Add(grace);
        WhileDraining?.Invoke();
        return Task.FromResult(Unended);
    }

    public ValueTask DisposeAsync()
    {
        Disposals++;
        completion.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public void Stop(Exception reason) => completion.SetException(reason);

    public static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    public static RunState State(RuntimeStatus status, string? output = null, FailureDetails? failure = null) => new()
    {
        Name = "Greet",
        InstanceId = "run-1",
        RuntimeStatus = status,
        CreatedTime = Created,
        LastUpdatedTime = Created.AddSeconds(2),
        Output = output is null ? null : Json(output),
        Failure = failure,
    };

    /// <summary>Any start is accepted, and the run ends at once.</summary>
    public void Ends(RuntimeStatus status, string? output = null, FailureDetails? failure = null, params HistoryStep[] steps) => EndsWith(Task.FromResult(State(status, output, failure)), steps);

    /// <summary>Any start is accepted, and the run ends when the task does.</summary>
    public void EndsWith(Task<RunState> end, params HistoryStep[] steps)
    {
        Mock.Setup(c => c.StartAsync(It.IsAny<string>(), It.IsAny<JsonElement>(), It.IsAny<StartOptions>(), It.IsAny<CancellationToken>())).ReturnsAsync(new StartedRun("run-1", Created: true));
        Mock.Setup(c => c.WaitForCompletionAsync("run-1", It.IsAny<CancellationToken>())).Returns((string _, CancellationToken token) => end.WaitAsync(token));
        Mock.Setup(c => c.GetAsync("run-1", It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => end.IsCompleted ? State(RuntimeStatus.Completed) : State(RuntimeStatus.Running));
        Mock.Setup(c => c.GetHistoryAsync("run-1", It.IsAny<CancellationToken>())).ReturnsAsync(steps);
    }

    public void VerifyNothingStarted() =>
        Mock.Verify(c => c.StartAsync(It.IsAny<string>(), It.IsAny<JsonElement>(), It.IsAny<StartOptions>(), It.IsAny<CancellationToken>()), Times.Never);

    public (string Name, JsonElement Input, StartOptions Options) Started()
    {
        var call = Mock.Invocations.Single(i => i.Method.Name == nameof(IRunClient.StartAsync));
        return ((string)call.Arguments[0], (JsonElement)call.Arguments[1], (StartOptions)call.Arguments[2]);
    }
}
