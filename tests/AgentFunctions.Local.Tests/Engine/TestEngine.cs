using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>The engine on a journal in a folder of its own, which can be killed and started again.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("agentfunctions-engine-").FullName;
    private readonly Ledger ledger = new();
    private readonly TestServices services;
    private readonly EngineOptions options;
    private readonly JournalOptions journalOptions;
    private readonly TimeProvider time;
    private readonly IJournalStorage? given;
    private IJournalStorage? storage;
    private LocalEngine? engine;
    private LocalRunClient? client;

    /// <param name="build">What it runs.</param>
    /// <param name="options">Its settings. Default: the engine's own.</param>
    /// <param name="journal">The journal's. Default: its own.</param>
    /// <param name="time">Its time. Default: the real one.</param>
    /// <param name="storage">Where the journal is. Default: a folder.</param>
    public TestEngine(Action<CatalogBuilder> build, EngineOptions? options = null, JournalOptions? journal = null, TimeProvider? time = null, IJournalStorage? storage = null)
    {
        services = new TestServices(ledger);
        (this.options, journalOptions, this.time, given) = (options ?? new EngineOptions(), journal ?? new JournalOptions(), time ?? TimeProvider.System, storage);
        Catalog = TestCatalog.Build(build);
        Start();
    }

    public Catalog Catalog { get; private set; }

    public LocalEngine Engine => engine ?? throw new InvalidOperationException("The engine is down.");

    public IRunClient Client => client ?? throw new InvalidOperationException("The engine is down.");

    /// <summary>What was logged.</summary>
    public Ledger Ledger => ledger;

    /// <summary>Bytes of all files of the journal.</summary>
    public long FolderBytes => new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);

    /// <summary>Stops it as a kill would, unless in order, and starts it again.</summary>
    public async Task RestartAsync(bool orderly = false, Action<CatalogBuilder>? changed = null)
    {
        await StopAsync(orderly);
        Catalog = changed is null ? Catalog : TestCatalog.Build(changed);
        Start();
    }

    public async Task StopAsync(bool orderly)
    {
        await Engine.StopAsync(orderly);
        storage!.Dispose();
    }

    public async Task<string> StartAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input, string? id = null) =>
        (await Client.StartAsync(orchestrator.Name, DurableJson.ToElement(input, Catalog.Json), new StartOptions { InstanceId = id }).WaitAsync(Patience)).InstanceId;

    public Task<RunState> EndAsync(string id) => Client.WaitForCompletionAsync(id).WaitAsync(Patience);

    public async Task<RunState> RunAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input) => await EndAsync(await StartAsync(orchestrator, input));

    public async Task<TOutput> ResultAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input) => Result<TOutput>(await RunAsync(orchestrator, input));

    public T Result<T>(RunState state) =>
        state is { RuntimeStatus: RuntimeStatus.Completed, Output: { } output } ? DurableJson.Read<T>(output, Catalog.Json)
        : throw new Xunit.Sdk.XunitException($"The run '{state.InstanceId}' is {state.RuntimeStatus}: {state.Failure}.");

    public Task RaiseAsync<T>(string id, string name, T payload) => Client.RaiseEventAsync(id, name, DurableJson.ToElement(payload, Catalog.Json)).WaitAsync(Patience);

    /// <summary>Shows that the engine still works.</summary>
    public async Task AssertAliveAsync() => Assert.Equal(42, await ResultAsync(TestCatalog.AddOne, 41));

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        storage!.Dispose();
        services.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Start()
    {
        storage = given ?? new PhysicalJournalStorage(folder);
        engine = new LocalEngine(Catalog, services, storage, journalOptions, options, time, (ILoggerFactory)services.GetService(typeof(ILoggerFactory))!);
        client = new LocalRunClient(engine, Catalog);
    }
}
