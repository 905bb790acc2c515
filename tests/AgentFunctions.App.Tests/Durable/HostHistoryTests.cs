using AgentFunctions.App.Durable;
using AgentFunctions.App.Tests.Engine;
using AgentFunctions.Core.Durable;
using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.App.Tests.Durable;

/// <summary>Over a real socket, with the client that functions are bound to.</summary>
public sealed class HostHistoryTests : IAsyncLifetime
{
    private readonly Mock<DurableTaskClient> backend = new("test") { CallBase = true };
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private FunctionsHost host = null!;

    public async Task InitializeAsync() => host = await FunctionsHost.StartAsync();

    public async Task DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Read_BackendWithoutHistory_AsksTheHostWithItsKeyInAHeader()
    {
        host.Answer = context =>
        {
            context.Response.StatusCode = 202;
            return context.Response.WriteAsync("""{"name":"Main","runtimeStatus":"Running","historyEvents":[{"EventType":"ExecutionStarted","FunctionName":"Main","Timestamp":"2026-01-31T12:00:00Z"}]}""");
        };

        var history = await ReadAsync("run:0001");

        Assert.IsType<ExecutionStartedEvent>(Assert.Single(history));
        var (path, query, key) = Assert.Single(host.Requests);
        Assert.Equal(("/runtime/webhooks/durabletask/instances/run:0001", FunctionsHost.Key), (path, key));
        Assert.Equal("?showHistory=true&showHistoryOutput=true&showInput=true", query);
    }

    [Fact]
    public async Task Read_RunThatHasNotBegun_IsEmpty() => Assert.Empty(await ReadAsync("run"));

    [Fact]
    public async Task Read_BackendThatTellsHistories_AsksNoHost()
    {
        backend.Setup(c => c.GetOrchestrationHistoryAsync("run", It.IsAny<CancellationToken>())).ReturnsAsync([new TimerCreatedEvent(0)]);

        Assert.IsType<TimerCreatedEvent>(Assert.Single(await ReadAsync("run")));
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task Read_BackendWithoutTheCall_AsksTheHost()
    {
        backend.Setup(c => c.GetOrchestrationHistoryAsync("run", It.IsAny<CancellationToken>())).ThrowsAsync(new RpcException(new Status(StatusCode.Unimplemented, "no")));

        await ReadAsync("run");

        Assert.Single(host.Requests);
    }

    [Theory]
    [InlineData(401, "durabletask_extension", false)]
    [InlineData(404, "purged", false)]
    [InlineData(500, "log", false)]
    [InlineData(501, "storage provider", true)]
    public async Task Read_Refused_SaysWhatToDo(int status, string says, bool permanent)
    {
        host.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var refused = await Assert.ThrowsAsync<HistoryUnavailableException>(() => ReadAsync("run"));

        Assert.Equal(permanent, refused.Permanent);
        Assert.Contains($"HTTP {status}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("signs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>not JSON")]
    [InlineData("""{"historyEvents":{}}""")]
    [InlineData("""{"historyEvents":[{"EventType":"TimerCreated","FireAt":"2026-01-31T12:00:00Z","Timestamp":"noon"}]}""")]
    public async Task Read_SomethingElse_IsUnavailable(string body)
    {
        host.Answer = context => context.Response.WriteAsync(body);

        Assert.False((await Assert.ThrowsAsync<HistoryUnavailableException>(() => ReadAsync("run"))).Permanent);
    }

    [Fact]
    public async Task Read_NobodyListens_IsUnavailable()
    {
        var address = host.BaseUrl;
        await host.DisposeAsync();

        Assert.False((await Assert.ThrowsAsync<HistoryUnavailableException>(() => ReadAsync("run", address))).Permanent);
    }

    [Fact]
    public async Task Read_ClientOfNoFunctionsHost_IsNeverToldAndSaysSo() =>
        Assert.True((await Assert.ThrowsAsync<HistoryUnavailableException>(() => History().ReadAsync(backend.Object, "run", default))).Permanent);

    [Fact]
    public async Task Read_CallerGivesUp_IsCancelledAndNotUnavailable()
    {
        using var gone = new CancellationTokenSource();
        host.Answer = async context =>
        {
            await gone.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => History().ReadAsync(FunctionsHost.Bound(backend.Object, host.BaseUrl), "run", gone.Token));
    }

    [Fact]
    public async Task TryRead_Refused_IsNull()
    {
        host.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        Assert.Null(await History().TryReadAsync(FunctionsHost.Bound(backend.Object, host.BaseUrl), "run", default));
    }

    private RunHistory History() => new(new HostHistory(http, NullLogger<HostHistory>.Instance));

    private Task<IList<HistoryEvent>> ReadAsync(string instanceId, string? baseUrl = null) =>
        History().ReadAsync(FunctionsHost.Bound(backend.Object, baseUrl ?? host.BaseUrl), instanceId, default);
}
