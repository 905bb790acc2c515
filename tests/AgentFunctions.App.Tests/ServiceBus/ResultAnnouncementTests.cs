using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.App.Tests.Conformance;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.ToolFanOut;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.App.Tests.ServiceBus;

/// <summary>From a message to the event about how its run ended, over DurableTask.Core.</summary>
public sealed class ResultAnnouncementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly OrchestratorReference<ToolFanOutInput, bool> Fails = new("Fails");
    private static readonly OrchestratorReference<ToolFanOutInput, bool> Waits = new("Waits");

    [Fact]
    public async Task Run_Completed_IsAnnouncedOnceWithItsOutput()
    {
        await using var app = await AppAsync();

        var id = await StartedAsync(app, Message("ToolFanOut"));
        var run = await EndedAsync(app, id);

        var told = Assert.Single(app.Results.Events);
        var body = JsonElement.Parse(told.Body.Span);
        Assert.Equal(RuntimeStatus.Completed, run.RuntimeStatus);
        Assert.Equal(("agentfunctions.run.completed", id, "https://app.example/api/runs"), (told.Type, told.Subject, body.GetProperty("source").GetString()));
        Assert.Matches($"^{id}/[0-9]{{8}}T[0-9]{{13}}Z$", told.Id);
        Assert.Equal((told.Id, told.Type, "1.0"), (body.GetProperty("id").GetString(), body.GetProperty("type").GetString(), body.GetProperty("specversion").GetString()));
        var data = body.GetProperty("data");
        Assert.Equal(("Completed", "ToolFanOut"), (data.GetProperty("status").GetString(), data.GetProperty("orchestrator").GetString()));
        Assert.True(JsonElement.DeepEquals(run.Output!.Value, data.GetProperty("output")));
    }

    [Fact]
    public async Task Run_OfATenant_IsAnnouncedToo()
    {
        await using var app = await AppAsync();

        var id = await StartedAsync(app, Message("ToolFanOut") with { ApplicationProperties = new Dictionary<string, object> { ["tenant"] = "acme" } });
        await EndedAsync(app, id);

        Assert.StartsWith("acme~sb-", id, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single(app.Results.Events).Subject);
    }

    [Fact]
    public async Task Run_Failed_IsAnnouncedOnceWithItsFailure()
    {
        await using var app = await AppAsync();

        var id = await StartedAsync(app, Message("Fails"));
        var run = await EndedAsync(app, id);

        var told = Assert.Single(app.Results.Events);
        var failure = JsonElement.Parse(told.Body.Span).GetProperty("data").GetProperty("failure");
        Assert.Equal((RuntimeStatus.Failed, "agentfunctions.run.failed"), (run.RuntimeStatus, told.Type));
        Assert.Equal(("InvalidOperationException", "on purpose"), (failure.GetProperty("type").GetString(), failure.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Run_Terminated_IsNotAnnounced()
    {
        await using var app = await AppAsync();
        var id = await StartedAsync(app, Message("Waits"));

        await app.Host.Client.TerminateAsync(id, "enough");
        var run = await EndedAsync(app, id);

        // Durable Functions ends it without its orchestrator, and so without anything that could publish.
        Assert.Equal(RuntimeStatus.Terminated, run.RuntimeStatus);
        Assert.Empty(app.Results.Events);
    }

    [Fact]
    public async Task Run_StartedByNoMessage_IsNotAnnounced()
    {
        await using var app = await AppAsync();
        var started = await app.Host.Client.StartAsync("ToolFanOut", Input, new StartOptions());

        await EndedAsync(app, started.InstanceId);

        Assert.Empty(app.Results.Events);
    }

    [Fact]
    public async Task Redelivery_BeforeAndAfterTheEnd_StartsAndAnnouncesNothingTwice()
    {
        await using var app = await AppAsync();
        var message = Message("ToolFanOut");
        var id = await StartedAsync(app, message);
        Assert.Equal(id, await StartedAsync(app, message with { DeliveryCount = 2 }));
        await EndedAsync(app, id);

        Assert.Equal(id, await StartedAsync(app, message with { DeliveryCount = 3 }));
        var other = await StartedAsync(app, Message("ToolFanOut") with { MessageId = "m-2" });
        await EndedAsync(app, other);

        // The other run has ended since, so a second one of the first message would have been seen.
        Assert.Equal([id, other], app.Results.Events.Select(e => e.Subject));
        Assert.Equal(2, (await app.Host.Client.ListAsync(new RunQuery())).Runs.Count);
    }

    [Fact]
    public async Task Run_TopicAwayAtFirst_IsAnnouncedOnceLater()
    {
        await using var app = await AppAsync(failures: 1);

        var id = await StartedAsync(app, Message("ToolFanOut"));
        var run = await EndedAsync(app, id);

        Assert.Equal((RuntimeStatus.Completed, id), (run.RuntimeStatus, Assert.Single(app.Results.Events).Subject));
    }

    [Fact]
    public async Task Run_OfAMessageWithATrace_RunsAndIsAnnouncedInIt()
    {
        const string TraceId = "44444444444444444444444444444444";
        // As the Functions host listens with distributed tracing on. A trace of its own: listeners are global.
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DurableTask.Core",
            Sample = (ref ActivityCreationOptions<System.Diagnostics.ActivityContext> options) => options.Parent.TraceId.ToHexString() == TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await AppAsync();
        var message = Message("ToolFanOut") with { ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = $"00-{TraceId}-b7ad6b7169203331-01", ["tracestate"] = "vendor=1" } };

        await EndedAsync(app, await StartedAsync(app, message));

        var body = JsonElement.Parse(Assert.Single(app.Results.Events).Body.Span);
        Assert.Matches($"^00-{TraceId}-[0-9a-f]{{16}}-01$", body.GetProperty("traceparent").GetString());
        Assert.DoesNotContain("b7ad6b7169203331", body.GetProperty("traceparent").GetString(), StringComparison.Ordinal);
        Assert.Equal("vendor=1", body.GetProperty("tracestate").GetString());
    }

    private static JsonElement Input => JsonElement.Parse("""{"calls":[{"tool":"echo","arguments":{"value":1}}]}""");

    private static AgentTaskMessage Message(string orchestrator) => new() { MessageId = "m-1", Subject = orchestrator, Body = Encoding.UTF8.GetBytes(Input.GetRawText()) };

    private static async Task<string> StartedAsync(App app, AgentTaskMessage message) =>
        Assert.IsType<Disposition.Complete>(await app.Processor.ProcessAsync(message, app.Host.Client, default)).InstanceId;

    private static async Task<RunState> EndedAsync(App app, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await app.Host.Client.WaitForCompletionAsync(id, patience.Token);
    }

    private static async Task<App> AppAsync(int failures = 0)
    {
        var results = new AnnouncedResults(failures);
        var catalog = AppServices.CreateCatalog(builder => builder
            .Orchestrator(Fails, (_, _) => throw new InvalidOperationException("on purpose"))
            .Orchestrator(Waits, (context, _) => context.WaitForExternalEventAsync<bool>("never")));
        var services = new ServiceCollection().AddLogging().AddSingleton<IResultPublisher>(results)
            .AddSingleton(new ResultOptions { Source = new Uri("https://app.example/api/runs") })
            .AddAgentFunctionsApp(catalog, new ConfigurationBuilder().Build()).BuildServiceProvider();
        var host = await DurableTaskHosts.Instance.StartAsync(catalog, services, HostFlavour.ForcedReplay);
        return new App(services, host, results, new AgentTaskProcessor(services.GetRequiredService<ApiEnvironment>(), TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance));
    }

    private sealed record App(ServiceProvider Services, IConformanceHost Host, AnnouncedResults Results, AgentTaskProcessor Processor) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Services.DisposeAsync();
        }
    }
}
