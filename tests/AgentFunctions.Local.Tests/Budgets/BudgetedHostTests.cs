using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.CommandLine.Input;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Budgets;

/// <summary>Budgets over real HTTP, on the embedded host and against the provider simulator.</summary>
public sealed class BudgetedHostTests
{
    private const string Input = """{"documents":[{"id":"a","text":"Canals carry boats. Locks lift them."}],"task":"Summarise."}""";

    [Fact]
    public async Task Start_TenantsBudgetIsSpent_ItsRunEndsWithTheTypedReasonAndAnotherTenantsDoesNot()
    {
        await using var provider = await ProviderAsync();
        await using var host = await StartAsync(provider, options => options.Tenants["acme"] = new PeriodLimits { UsdPerDay = 0.000001m });
        using var http = new HttpClient { BaseAddress = host.Address };

        var refused = await RunAsync(http, "/api/runs/MapReduce?wait=30s", "acme");
        var before = provider.Stats.Answered;
        var other = await RunAsync(http, "/api/runs/MapReduce?wait=30s", "globex");

        Assert.Equal(("Failed", nameof(BudgetExceededException), true), (Text(refused, "runtimeStatus"), Text(refused.GetProperty("failure"), "type"), refused.GetProperty("failure").GetProperty("permanent").GetBoolean()));
        Assert.Contains("The budget of tenant 'acme' for", Text(refused.GetProperty("failure"), "message"), StringComparison.Ordinal);
        Assert.Equal(0, before);
        Assert.Equal("Completed", Text(other, "runtimeStatus"));
    }

    [Fact]
    public async Task Start_RunsOfATenant_SpendItsBudgetAndItIsTold()
    {
        await using var provider = await ProviderAsync();
        var seen = new SeenLedger();
        await using var host = await StartAsync(provider, options => options.Tenant = new PeriodLimits { UsdPerDay = 5, TokensPerMonth = 1_000_000 }, seen);
        using var http = new HttpClient { BaseAddress = host.Address };

        var run = await RunAsync(http, "/api/runs/MapReduce?wait=30s", "acme");
        await seen.Ledger!.ReturnAsync();
        var budgets = JsonElement.Parse(await http.GetStringAsync("/api/budgets?tenant=acme")).GetProperty("budgets").EnumerateArray().ToList();

        var cost = run.GetProperty("output").GetProperty("cost");
        Assert.Equal(["Day", "Month"], budgets.Select(budget => Text(budget, "period")));
        Assert.Equal(cost.GetProperty("usd").GetDecimal(), budgets[0].GetProperty("spent").GetProperty("usd").GetDecimal());
        Assert.Equal(cost.GetProperty("inputTokens").GetInt64() + cost.GetProperty("outputTokens").GetInt64(), budgets[1].GetProperty("spent").GetProperty("tokens").GetInt64());
        Assert.Equal(5m, budgets[0].GetProperty("remaining").GetProperty("usd").GetDecimal() + budgets[0].GetProperty("spent").GetProperty("usd").GetDecimal());
        Assert.False(budgets[0].GetProperty("limit").TryGetProperty("tokens", out _));
    }

    [Fact]
    public async Task Start_RunWithABudgetOfItsOwn_EndsAtItAndTheSameKeyWithAnotherIsAConflict()
    {
        await using var provider = await ProviderAsync();
        await using var host = await StartAsync(provider, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };

        var refused = await RunAsync(http, "/api/runs/MapReduce?wait=30s&budgetTokens=20&instanceId=small", tenant: null);
        var rich = await RunAsync(http, "/api/runs/MapReduce?wait=30s&budget=2.5", tenant: null);
        var report = JsonElement.Parse(await http.GetStringAsync("/api/budgets?run=small"));

        Assert.Equal(nameof(BudgetExceededException), Text(refused.GetProperty("failure"), "type"));
        Assert.Contains("The budget of run 'small' is 20 tokens.", Text(refused.GetProperty("failure"), "message"), StringComparison.Ordinal);
        Assert.Equal("Completed", Text(rich, "runtimeStatus"));
        Assert.Equal((20, "small"), (report.GetProperty("budgets")[0].GetProperty("limit").GetProperty("tokens").GetInt32(), Text(report.GetProperty("budgets")[0], "name")));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(http, "/api/runs/MapReduce?wait=30s&budgetTokens=20&instanceId=small")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(http, "/api/runs/MapReduce?budgetTokens=21&instanceId=small")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(http, "/api/runs/MapReduce?instanceId=small")).StatusCode);
    }

    [Fact]
    public async Task Restart_UnderANewId_HasTheSameBudgetAnew()
    {
        await using var provider = await ProviderAsync();
        await using var host = await StartAsync(provider, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        await RunAsync(http, "/api/runs/MapReduce?wait=30s&budgetTokens=20&instanceId=small", tenant: null);

        var second = await host.Client.RestartAsync("small", withNewInstanceId: true);
        var ended = await host.Client.WaitForCompletionAsync(second);

        Assert.Contains($"The budget of run '{second}' is 20 tokens.", ended.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_RunThatSpent_ItsBudgetGoesWithItAndTheNextUnderItsIdHasItsOwn()
    {
        await using var provider = await ProviderAsync();
        var seen = new SeenLedger();
        await using var host = await StartAsync(provider, _ => { }, seen);
        using var http = new HttpClient { BaseAddress = host.Address };
        await RunAsync(http, "/api/runs/MapReduce?wait=30s&budgetTokens=100000&instanceId=again", tenant: null);
        await seen.Ledger!.ReturnAsync();
        var budget = EntityReferences.Budget(BudgetAccountId.OfRun("again"));
        Assert.NotEqual(0, (await host.Client.GetEntityStateAsync<BudgetLedgerState>(budget))!.Current.Settled.Tokens);

        await host.Client.PurgeAsync("again");

        Assert.Null(await host.Client.GetEntityStateAsync<BudgetLedgerState>(budget));
        await RunAsync(http, "/api/runs/MapReduce?wait=30s&budgetTokens=20&instanceId=again", tenant: null);
        var next = JsonElement.Parse(await http.GetStringAsync("/api/budgets?run=again")).GetProperty("budgets")[0];
        Assert.Equal((20, 0), (next.GetProperty("limit").GetProperty("tokens").GetInt32(), next.GetProperty("spent").GetProperty("tokens").GetInt32()));
    }

    [Fact]
    public async Task Dispose_HostWithoutHttp_GivesBackWhatItHolds()
    {
        await using var provider = await ProviderAsync();
        var folder = Directory.CreateTempSubdirectory("agentfunctions-budgets-").FullName;
        try
        {
            await using (var host = await StartAsync(provider, options => options.Tenant = new PeriodLimits { UsdPerDay = 5 }, data: folder))
            {
                var input = await RunInputCheck.PrepareAsync(host, "MapReduce", JsonElement.Parse(Input), CancellationToken.None);
                await host.Client.StartAsync("MapReduce", input, new StartOptions { InstanceId = "acme~1" });
                Assert.Equal(RuntimeStatus.Completed, (await host.Client.WaitForCompletionAsync("acme~1")).RuntimeStatus);
            }

            await using var next = await StartAsync(provider, _ => { }, data: folder);
            var budget = (await next.Client.GetEntityStateAsync<BudgetLedgerState>(EntityReferences.Budget(new BudgetAccountId(BudgetScope.Tenant, "acme", BudgetPeriod.Day))))!.Current;
            Assert.NotEqual(0m, budget.Settled.Usd);
            Assert.Equal(budget.Settled, budget.Taken());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Start_RunsMayHaveNoBudgets_IsRefused()
    {
        await using var host = await StartAsync(provider: null, options => options.RunBudgets = false);
        using var http = new HttpClient { BaseAddress = host.Address };
        var response = await PostAsync(http, "/api/runs/MapReduce?budget=1");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Budgets:RunBudgets", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IdOfASubOrchestration_IsRefused()
    {
        await using var host = await StartAsync(provider: null, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        var response = await PostAsync(http, "/api/runs/MapReduce?instanceId=order:2026");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("sub-orchestration of the run", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("budget=0")]
    [InlineData("budget=-1")]
    [InlineData("budget=1e3")]
    [InlineData("budget=1,5")]
    [InlineData("budget=9999999999")]
    [InlineData("budget=")]
    [InlineData("budget=much")]
    [InlineData("budgetTokens=1.5")]
    [InlineData("budgetTokens=0")]
    public async Task Start_BudgetThatIsNone_IsRefusedByName(string query)
    {
        await using var host = await StartAsync(provider: null, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        var response = await PostAsync(http, $"/api/runs/MapReduce?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"'{query.Split('=')[0]}'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/budgets?tenant=Acme")]
    [InlineData("/api/budgets?all=1")]
    [InlineData("/api/budgets?tenant=acme&run=globex~1")]
    public async Task Read_QueryThatIsWrong_IsRefused(string path)
    {
        await using var host = await StartAsync(provider: null, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        Assert.Empty(JsonElement.Parse(await http.GetStringAsync("/api/budgets")).GetProperty("budgets").EnumerateArray());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<JsonElement> RunAsync(HttpClient http, string path, string? tenant)
    {
        var response = await PostAsync(http, path, tenant);
        return JsonElement.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Input, Encoding.UTF8, "application/json") };
        if (tenant is not null) request.Headers.Add("X-Tenant", tenant);
        return await http.SendAsync(request);
    }

    private static Task<SimulatedProvider> ProviderAsync() => SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 1, MillisecondsPerToken = 0 });

    private static Task<ILocalHost> StartAsync(SimulatedProvider? provider, Action<BudgetOptions> configure, SeenLedger? seen = null, string? data = null) =>
        new LocalHostFactory(AgentFunctionsCatalog.Create(), services =>
        {
            services.Configure(configure);
            if (seen is not null) services.AddSingleton<IHostedService>(host => seen.Of(host.GetRequiredService<BudgetLedger>()));
            if (provider is null) return;
            var model = new ModelChoice("m", new ModelPrice(2, 8));
            services.AddModels(new ModelOptions { Endpoint = provider.Endpoint, Key = "any", Fast = model, Balanced = model, Capable = model });
        }).StartAsync(new LocalHostOptions { Urls = data is null ? "http://127.0.0.1:0" : null, DataDirectory = data, MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);

    /// <summary>Gets at a host's budgets as it starts.</summary>
    private sealed class SeenLedger : IHostedService
    {
        public BudgetLedger? Ledger { get; private set; }

        public SeenLedger Of(BudgetLedger ledger)
        {
            Ledger = ledger;
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
