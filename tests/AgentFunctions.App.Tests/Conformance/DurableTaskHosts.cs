using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.App.Tests.Engine;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;
using DurableTask.Core;
using DurableTask.Core.Entities;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.OrchestrationServiceClientShim;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Tests.Conformance;

/// <summary>DurableTask.Core's own worker, in process, running the suite's catalogs through the app's adapters. It replays every run on every turn.</summary>
public sealed class DurableTaskHosts : IConformanceHosts
{
    private DurableTaskHosts(bool tellsHistory) => TellsHistory = tellsHistory;

    public static DurableTaskHosts Instance { get; } = new(tellsHistory: true);

    /// <summary>One whose histories are read from the Functions host, in the form in which that tells them.</summary>
    public static DurableTaskHosts OverHttp { get; } = new(tellsHistory: false);

    private bool TellsHistory { get; }

    public async Task<IConformanceHost> StartAsync(Catalog catalog, IServiceProvider services, HostFlavour flavour)
    {
        var host = new Host(services, TellsHistory);
        await host.StartAgainAsync(catalog);
        return host;
    }

    private sealed class Host(IServiceProvider services, bool tellsHistory) : IRestartableHost
    {
        private readonly MemoryCancellationBoard board = new();
        private EntityService service = new();
        private TaskHubWorker? worker;
        private IRunClient? client;

        // It replays every run on every turn, so long runs take their time on a busy machine.
        public TimeSpan Patience => TimeSpan.FromSeconds(180);

        // As docs/azure says it: the watch's interval, and at most a second that the CancelCalls activity waits in its queue.
        public TimeSpan MaxCancellationLatency => CancellationWatch.Interval + TimeSpan.FromSeconds(1);

        public IRunClient Client => client ?? throw new InvalidOperationException("The host is down.");

        public async Task StartAgainAsync(Catalog catalog)
        {
            var shims = new DurableTaskShimFactory(new() { EnableEntitySupport = true }, services.GetRequiredService<ILoggerFactory>());
            var orchestrators = new FunctionsOrchestrators(catalog);
            var watch = new CancellationWatch(board, TimeProvider.System, services.GetRequiredService<ILoggerFactory>().CreateLogger("Watch"));
            var activities = new FunctionsActivities(catalog, services, watch);
            var cancellations = new FunctionsActivities(AppServices.CreateCatalog(), new WithBoard(services, board), watch);
            client = new FunctionsRunClient(DurableClient(), catalog, board, new RunHistory(new ToldHistory(service)), TimeProvider.System);
            worker = new TaskHubWorker(
                service,
                new Named<TaskOrchestration>(name => shims.CreateOrchestration(name, new Orchestrator(orchestrators))),
                new Named<TaskActivity>(name => name == CallCancellation.Activity.Name
                    ? shims.CreateActivity<JsonElement, JsonElement>(name, (_, input) => cancellations.RunAsync(name, input, client, CancellationToken.None))
                    : shims.CreateActivity<JsonElement, JsonElement>(name, (_, input) => activities.RunAsync(name, input, CancellationToken.None))),
                new Named<TaskEntity>(name => new Entity(catalog, shims, name)),
                services.GetRequiredService<ILoggerFactory>())
            {
                ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails,
            };
            await worker.StartAsync();

            // As host.json has it: storeInputsInOrchestrationHistory.
            worker.TaskOrchestrationDispatcher.IncludeParameters = true;
        }

        public async Task CrashAsync()
        {
            client = null;
            var next = await service.DetachAsync();
            await worker!.StopAsync(isForced: true);
            service.Dispose();
            service = next;
        }

        public async ValueTask DisposeAsync()
        {
            await worker!.StopAsync(isForced: true);
            worker.Dispose();
            service.Dispose();
        }

        private HistoryClient DurableClient()
        {
            var container = new ServiceCollection();
            container.AddDurableTaskClient(builder => builder.UseOrchestrationService(options =>
            {
                options.Client = service;
                options.EnableEntitySupport = true;
                options.Entities.Queries = service.EntityBackendQueries;
            }));
            return new HistoryClient(container.BuildServiceProvider().GetRequiredService<DurableTaskClient>(), tellsHistory ? service : null);
        }
    }

    private sealed class Orchestrator(FunctionsOrchestrators orchestrators) : ITaskOrchestrator
    {
        public Type InputType => typeof(JsonElement);

        public Type OutputType => typeof(JsonElement);

        public async Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => await orchestrators.RunAsync(context);
    }

    /// <summary>Only a batch's request says which key the shim is for.</summary>
    private sealed class Entity(Catalog catalog, DurableTaskShimFactory shims, string name) : TaskEntity
    {
        public override Task<DurableTask.Core.Entities.OperationFormat.EntityBatchResult> ExecuteOperationBatchAsync(DurableTask.Core.Entities.OperationFormat.EntityBatchRequest operations) =>
            shims.CreateEntity(name, new FunctionsEntity(catalog, TimeProvider.System), DurableTask.Core.Entities.EntityId.FromString(operations.InstanceId!)).ExecuteOperationBatchAsync(operations);
    }

    private sealed class WithBoard(IServiceProvider services, ICancellationBoard board) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(ICancellationBoard) ? board
            : serviceType == typeof(TimeProvider) ? TimeProvider.System
            : services.GetService(serviceType);
    }
}
