using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local.CommandLine;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Admission;

/// <summary>One key is one run, and one call of a tool is one key: on the embedded host, over real HTTP.</summary>
public sealed class EqualRequestsTests : IAsyncLifetime
{
    private const string Body = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}],"branchTimeout":"00:00:05"}""";
    private readonly ConcurrentQueue<(string Tool, string? Key)> keys = [];
    private ILocalHost host = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        var factory = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services
            .AddTool(AIFunctionFactory.Create((AIFunctionArguments arguments) => Flaky("flaky", arguments), "flaky").With(ToolEffect.Idempotent))
            .AddTool(AIFunctionFactory.Create((AIFunctionArguments arguments) => Flaky("other", arguments), "other").With(ToolEffect.Idempotent)));
        host = await factory.StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
        http = new HttpClient { BaseAddress = host.Address };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Start_AHundredEqualRequestsAtOnce_AreOneRun()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync("ToolFanOut", Body, "order-17")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetString()).Distinct());
        Assert.Single((await host.Client.ListAsync(new RunQuery())).Runs);
    }

    [Fact]
    public async Task Start_AHundredRequestsOfOneKeyAndTwoBodies_AreOneRunAndTheOthersConflict()
    {
        var other = Body.Replace("\"value\":1", "\"value\":2", StringComparison.Ordinal);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => PostAsync("ToolFanOut", i % 2 == 0 ? Body : other, "order-17")));
        Assert.Equal((50, 50), (answers.Count(answer => answer.Status == HttpStatusCode.Accepted), answers.Count(answer => answer.Status == HttpStatusCode.Conflict)));
        Assert.Single(answers.Select((answer, i) => (answer.Status, i % 2)).Where(it => it.Status == HttpStatusCode.Accepted).Distinct());
        Assert.Single((await host.Client.ListAsync(new RunQuery())).Runs);
    }

    [Fact]
    public async Task Start_OneKeyOfTwoTenants_AreTwoRuns()
    {
        var ids = await Task.WhenAll(((string?[])[null, "default", "acme", "globex", "acme"]).Select(async tenant => (await PostAsync("ToolFanOut", Body, "order-17", tenant)).Body.GetProperty("id").GetString()!));
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal((ids[0], ids[2]), (ids[1], ids[4]));
        Assert.Equal(["default", "acme", "globex"], ids.Distinct().Select(Tenants.Of));
    }

    [Theory]
    [InlineData("""  { "branchTimeout" : "00:00:05" ,  "calls" : [ { "arguments" : { "value" : 1 } , "tool" : "echo" , "key" : "a" } ] }  """)]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1.0}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1e0}}],"branchTimeout":"00:00:05.000"}""")]
    [InlineData("""{"calls":[{"key":"\u0061","tool":"ech\u006f","arguments":{"value":10e-1}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}],"branchTimeout":"00:00:05","critical":[],"quorum":"all"}""")]
    public async Task Start_SameInputWrittenInAnotherWay_IsTheSameRun(string written)
    {
        var first = await PostAsync("ToolFanOut", Body, "order-17");
        var again = await PostAsync("toolfanout", written, "order-17");
        Assert.Equal((HttpStatusCode.Accepted, first.Body.GetProperty("id").GetString()), (again.Status, again.Body.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":"1"}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"A","tool":"echo","arguments":{"value":1}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"Value":1}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1.0000000000000000001}}],"branchTimeout":"00:00:05"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}],"branchTimeout":"00:00:06"}""")]
    [InlineData("""{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}]}""")]
    public async Task Start_InputThatIsAnotherOne_Conflicts(string other)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("ToolFanOut", Body, "order-17")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("ToolFanOut", other, "order-17")).Status);
    }

    [Fact]
    public async Task Start_SameKeyOfAnotherOrchestrator_Conflicts()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("ToolFanOut", Body, "order-17")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("TaskGraph", """{"nodes":[{"key":"a","tool":{"name":"echo"}}]}""", "order-17")).Status);
        Assert.Single((await host.Client.ListAsync(new RunQuery())).Runs);
    }

    [Fact]
    public async Task Start_KeyOfARunThatHasEnded_GivesItAgainUntilItIsPurged()
    {
        var other = Body.Replace("\"value\":1", "\"value\":2", StringComparison.Ordinal);
        var first = (await PostAsync("ToolFanOut?wait=60s", Body, "order-17")).Body;
        var id = first.GetProperty("instanceId").GetString()!;
        var again = (await PostAsync("ToolFanOut?wait=60s", Body, "order-17")).Body;
        Assert.Equal((id, first.GetProperty("createdTime").GetString()), (again.GetProperty("instanceId").GetString(), again.GetProperty("createdTime").GetString()));

        await host.Client.RestartAsync(id, withNewInstanceId: false);
        Assert.Equal(id, (await PostAsync("ToolFanOut?wait=60s", Body, "order-17")).Body.GetProperty("instanceId").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("ToolFanOut", other, "order-17")).Status);

        await host.Client.PurgeAsync(id);
        var anew = (await PostAsync("ToolFanOut?wait=60s", other, "order-17")).Body;
        Assert.Equal((id, 2), (anew.GetProperty("instanceId").GetString(), anew.GetProperty("input").GetProperty("calls")[0].GetProperty("arguments").GetProperty("value").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("ToolFanOut", Body, "order-17")).Status);
    }

    [Theory]
    [InlineData("order-17", "Order-17")]
    [InlineData("order-17", "order-017")]
    public async Task Start_KeysThatDifferInASign_AreTwoRuns(string one, string two) =>
        Assert.NotEqual((await PostAsync("ToolFanOut", Body, one)).Body.GetProperty("id").GetString(), (await PostAsync("ToolFanOut", Body, two)).Body.GetProperty("id").GetString());

    [Theory]
    [InlineData("ToolFanOut", """{"calls":[{"key":"a","tool":"flaky"},{"key":"b","tool":"other"}],"maxAttempts":3}""")]
    [InlineData("TaskGraph", """{"nodes":[{"key":"a","tool":{"name":"flaky"}},{"key":"b","tool":{"name":"other"}}]}""")]
    public async Task Run_ToolThatIsTriedAgain_GetsOneKeyForACallAndAnotherForTheNext(string orchestrator, string body)
    {
        await RunAsync(orchestrator, body);
        await RunAsync(orchestrator, body);

        // Two runs of two calls, and each was tried twice with one key.
        var tries = keys.GroupBy(key => key.Key!).ToList();
        Assert.Equal(4, tries.Count);
        Assert.All(tries, group => Assert.Equal(2, group.Count()));
        Assert.All(tries, group => Assert.Single(group.Select(key => key.Tool).Distinct()));
    }

    [Fact]
    public async Task Restart_UnderItsOwnId_GivesTheToolsOtherKeys()
    {
        var id = await RunAsync("ToolFanOut", """{"calls":[{"key":"a","tool":"flaky"}],"maxAttempts":3}""");
        await host.Client.RestartAsync(id, withNewInstanceId: false);
        await host.Client.WaitForCompletionAsync(id);
        Assert.Equal([2, 2], keys.GroupBy(key => key.Key).Select(group => group.Count()));
    }

    private async Task<string> RunAsync(string orchestrator, string body)
    {
        var answer = await PostAsync($"{orchestrator}?wait=60s", body, key: null);
        Assert.Equal("Completed", answer.Body.GetProperty("runtimeStatus").GetString());
        return answer.Body.GetProperty("instanceId").GetString()!;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body, string? key, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/runs/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (tenant is not null) request.Headers.Add("X-Tenant", tenant);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Fails the first time that it sees a key.</summary>
    private int Flaky(string tool, AIFunctionArguments arguments)
    {
        var key = arguments.IdempotencyKey();
        lock (keys)
        {
            var isNew = keys.All(seen => seen.Key != key);
            keys.Enqueue((tool, key));
            if (isNew) throw new IOException("The line broke.");
        }

        return 1;
    }
}
