using System.Net;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class TenantRunsTests : IAsyncLifetime
{
    private const string Path = "/api/runs/ToolFanOut";
    private static readonly (string, string) Acme = ("X-Tenant", "acme");
    private static readonly (string, string) Globex = ("X-Tenant", "globex");
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Start_NewId_HasTheTenantInFront()
    {
        var id = (await host.PostAsync(Path, Samples.Body, Acme)).Text("id");

        Assert.Matches("^acme~[0-9a-f]{32}$", id);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/runs/{id}")).Status);
    }

    [Fact]
    public async Task Start_OneKeyOfTwoTenants_AreTwoRunsAndEachItsOwnOnceMore()
    {
        var key = ("Idempotency-Key", "order-17");
        var acme = (await host.PostAsync(Path, Samples.Body, Acme, key)).Text("id");
        var globex = (await host.PostAsync(Path, Samples.Body, Globex, key)).Text("id");
        var nobody = (await host.PostAsync(Path, Samples.Body, key)).Text("id");

        Assert.Equal([$"acme~{nobody}", $"globex~{nobody}"], [acme, globex]);
        Assert.Equal(acme, (await host.PostAsync(Path, Samples.Body, key, Acme)).Text("id"));
        Assert.Equal(3, host.Runs.Count);
    }

    [Fact]
    public async Task Start_OneInstanceIdOfTwoTenants_AreTwoRuns()
    {
        await host.PostAsync($"{Path}?instanceId=order-17", Samples.Body, Acme);
        await host.PostAsync($"{Path}?instanceId=order-17", Samples.Body, Globex);

        Assert.Equal(["acme~order-17", "globex~order-17"], host.Runs.Starts.Select(start => start.InstanceId!));
    }

    [Fact]
    public async Task Start_WholeIdOfItsOwnTenant_IsTheSameRun()
    {
        var first = (await host.PostAsync($"{Path}?instanceId=order-17", Samples.Body, Acme)).Text("id");
        var second = (await host.PostAsync($"{Path}?instanceId={first}", Samples.Body, Acme)).Text("id");

        Assert.Equal(first, second);
        Assert.Equal(1, host.Runs.Count);
    }

    [Fact]
    public async Task Start_DefaultTenant_IsAsWithoutTheHeader()
    {
        var key = ("Idempotency-Key", "order-17");
        var id = (await host.PostAsync(Path, Samples.Body, key)).Text("id");

        Assert.Equal(id, (await host.PostAsync(Path, Samples.Body, key, ("X-Tenant", "default"))).Text("id"));
        Assert.DoesNotContain('~', id);
    }

    [Fact]
    public async Task Start_SameKeyWithAnotherInput_SaysWhoseKeyItWas()
    {
        var key = ("Idempotency-Key", "order-17");
        await host.PostAsync(Path, Samples.Body, Acme, key);
        var answer = await host.PostAsync(Path, """{"calls":[{"tool":"delay"}]}""", Acme, key);

        Assert.Contains("Idempotency-Key 'order-17' of tenant 'acme'", answer.Problem(409, "idempotency-conflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IdThatJustFitsWithItsTenant_IsTaken()
    {
        var answer = await host.PostAsync($"{Path}?instanceId={new string('x', 95)}", Samples.Body, Acme);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(100, answer.Text("id").Length);
    }

    [Fact]
    public async Task Start_TenantSentTwice_IsRefused() =>
        Assert.Contains("X-Tenant is sent 2 times", (await host.PostAsync(Path, Samples.Body, Acme, Globex)).Problem(400, "invalid-request"), StringComparison.Ordinal);

    [Fact]
    public async Task List_Tenant_ShowsItsRunsAlone()
    {
        foreach (var (tenant, id) in (IEnumerable<(string, string)>)[("acme", "a"), ("acme", "b"), ("acme.eu", "a"), ("globex", "a")])
        {
            await host.PostAsync($"{Path}?instanceId={id}", Samples.Body, ("X-Tenant", tenant));
        }

        Assert.Equal(["acme~a", "acme~b"], await ListAsync("tenant=acme"));
        Assert.Equal(["acme~b"], await ListAsync("tenant=acme&prefix=b"));
        Assert.Empty(await ListAsync("tenant=acm"));
    }

    [Theory]
    [InlineData("acme", "x", null)]
    [InlineData("acme", "acme~x", null)]
    [InlineData("default", "x", null)]
    [InlineData("default", "~x", null)]
    [InlineData("default", "Order~x", null)]
    [InlineData("default", "acme~x", "tenant 'acme'")]
    [InlineData("globex", "acme~x", "tenant 'acme'")]
    public void Fault_OfAnId_IsAnotherTenantsMark(string tenant, string id, string? says)
    {
        var fault = TenantRuns.Fault(tenant, id);

        Assert.Equal(says is null, fault is null);
        Assert.Contains(says ?? "", fault ?? "", StringComparison.Ordinal);
        if (says is null)
        {
            Assert.Equal(tenant, Tenants.Of(TenantRuns.InstanceId(tenant, id)!));
        }
    }

    private async Task<IEnumerable<string>> ListAsync(string query) =>
        (await host.GetAsync($"/api/runs?{query}")).Body.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("instanceId").GetString()!).Order(StringComparer.Ordinal);
}
