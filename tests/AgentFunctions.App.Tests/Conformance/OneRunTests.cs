using System.Text;
using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.App.Tests.Triggers;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.Conformance;

/// <summary>One key is one run, over HTTP and by messages, on Durable Functions' own engine.</summary>
public sealed class OneRunTests : IAsyncLifetime
{
    private const string Body = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}],"branchTimeout":"00:00:05"}""";
    private const string SameBody = """ { "branchTimeout" : "00:00:05.000", "calls":[ {"arguments":{"value":1.0},"tool":"ech\u006f","key":"a"} ], "quorum":"all" } """;
    private const string OtherBody = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":2}}],"branchTimeout":"00:00:05"}""";
    private const string Graph = """{"nodes":[{"key":"a","tool":{"name":"echo","arguments":{"value":1}}}]}""";
    private readonly Catalog catalog = AgentFunctionsCatalog.Create();
    private readonly MemoryContentStore content = new();
    private ApiEnvironment environment = null!;
    private IRestartableHost host = null!;

    public async Task InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IContentStore>(content).AddTools().AddSearch().AddModels(new ModelOptions()).AddChunkReader().AddResults();
        host = (IRestartableHost)await DurableTaskHosts.Instance.StartAsync(catalog, services.BuildServiceProvider(), HostFlavour.ForcedReplay);
        environment = new ApiEnvironment(catalog, content, Options.Create(new ApiOptions()), Mock.Of<IHostState>(), TimeProvider.System, NullLogger<ApiEnvironment>.Instance);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Start_TwentyRequestsOfOneKeyAtOnce_AreOneRun()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => PostAsync(i % 2 == 0 ? Body : SameBody))));
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        await OneRunAsync(Assert.Single(answers.Select(answer => answer.Id).Distinct())!);
    }

    [Fact]
    public async Task Start_SameKeyOfAnotherStart_ConflictsAndOfAnotherTenantIsAnotherRun()
    {
        var (status, id) = await PostAsync(Body);
        Assert.Equal(202, status);
        Assert.Equal(409, (await PostAsync(OtherBody)).Status);
        Assert.Equal(409, (await PostAsync(Graph, "TaskGraph")).Status);
        await OneRunAsync(id!);
        var other = await PostAsync(OtherBody, tenant: "acme");
        Assert.Equal((202, "acme"), (other.Status, Tenants.Of(other.Id!)));
    }

    [Fact]
    public async Task Start_KeyOfARunThatHasEnded_GivesItAgainUntilItIsPurged()
    {
        var id = (await PostAsync(Body)).Id!;
        await host.Client.WaitForCompletionAsync(id).WaitAsync(host.Patience);
        Assert.Equal((202, id), await PostAsync(SameBody));
        Assert.Equal(409, (await PostAsync(OtherBody)).Status);
        await host.Client.RestartAsync(id, withNewInstanceId: false);
        Assert.Equal((202, id), await PostAsync(Body));
        await host.Client.WaitForCompletionAsync(id).WaitAsync(host.Patience);
        await host.Client.PurgeAsync(id);
        Assert.Equal((202, id), await PostAsync(OtherBody));
        Assert.Equal(409, (await PostAsync(Body)).Status);
    }

    [Fact]
    public async Task Message_TwentyDeliveriesAtOnce_AreOneRun()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => SendAsync(i % 2 == 0 ? Body : SameBody, delivery: 1 + i))));
        await OneRunAsync(Assert.IsType<Disposition.Complete>(Assert.Single(ends.Distinct())).InstanceId);
    }

    [Fact]
    public async Task Message_WorkerDiedAfterTheStart_TheNextDeliveryFindsTheRun()
    {
        // The message was not settled, so that it comes again.
        var first = Assert.IsType<Disposition.Complete>(await SendAsync(Body));
        await host.CrashAsync();
        await host.StartAgainAsync(catalog);

        Assert.Equal(first, await SendAsync(Body, delivery: 2));
        var run = await host.Client.WaitForCompletionAsync(first.InstanceId).WaitAsync(host.Patience);
        Assert.Equal(RuntimeStatus.Completed, run.RuntimeStatus);
        Assert.Equal(first, await SendAsync(Body, delivery: 3));
        await OneRunAsync(first.InstanceId);
    }

    [Fact]
    public async Task Message_SameIdOfAnotherTask_IsDeadAndOfAnotherTenantIsAnotherRun()
    {
        var first = Assert.IsType<Disposition.Complete>(await SendAsync(Body));
        Assert.Equal("idempotency-conflict", Assert.IsType<Disposition.DeadLetter>(await SendAsync(OtherBody)).Reason);
        Assert.Equal("idempotency-conflict", Assert.IsType<Disposition.DeadLetter>(await SendAsync(Graph, "TaskGraph")).Reason);
        await OneRunAsync(first.InstanceId);
        Assert.Equal("acme", Tenants.Of(Assert.IsType<Disposition.Complete>(await SendAsync(OtherBody, tenant: "acme")).InstanceId));
    }

    [Fact]
    public async Task Message_IdOfARunThatWasPurged_StartsAnew()
    {
        var id = Assert.IsType<Disposition.Complete>(await SendAsync(Body)).InstanceId;
        await host.Client.WaitForCompletionAsync(id).WaitAsync(host.Patience);
        await host.Client.PurgeAsync(id);
        Assert.Equal(new Disposition.Complete(id), await SendAsync(OtherBody));
        Assert.Equal(2, (await host.Client.GetAsync(id))!.Input!.Value.GetProperty("calls")[0].GetProperty("arguments").GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task Message_IdThatIsAKeyOverHttp_IsAnotherRun() =>
        Assert.NotEqual((await PostAsync(Body)).Id, Assert.IsType<Disposition.Complete>(await SendAsync(Body)).InstanceId);

    private async Task OneRunAsync(string id)
    {
        var page = await host.Client.ListAsync(new RunQuery());
        Assert.Equal(id, Assert.Single(page.Runs).InstanceId);
    }

    private async Task<(int Status, string? Id)> PostAsync(string body, string orchestrator = "ToolFanOut", string? tenant = null)
    {
        var request = AppFixture.Request("POST", $"/api/runs/{orchestrator}", body);
        request.Headers["Idempotency-Key"] = "order-17";
        if (tenant is not null) request.Headers["X-Tenant"] = tenant;
        var (status, answer) = await AppFixture.AnswerAsync(request, new AgentFunctionsApi(environment, host.Client).StartAsync(request, orchestrator));
        return (status, answer.TryGetProperty("id", out var id) ? id.GetString() : null);
    }

    private Task<Disposition> SendAsync(string body, string orchestrator = "ToolFanOut", string? tenant = null, int delivery = 1) =>
        new AgentTaskProcessor(environment, TimeProvider.System, NullLogger<AgentTaskProcessor>.Instance).ProcessAsync(
            new AgentTaskMessage
            {
                MessageId = "order-17",
                Subject = orchestrator,
                Body = Encoding.UTF8.GetBytes(body),
                DeliveryCount = delivery,
                ApplicationProperties = tenant is null ? new Dictionary<string, object>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { ["tenant"] = tenant },
            },
            host.Client,
            CancellationToken.None);
}
