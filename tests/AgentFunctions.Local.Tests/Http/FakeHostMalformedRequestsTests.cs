namespace AgentFunctions.Local.Tests.Http;

/// <summary>The contract alone, over a fake engine.</summary>
public sealed class FakeHostMalformedRequestsTests : MalformedRequestsSuite, IAsyncLifetime
{
    private ApiHost? host;

    protected override long MaxBodyBytes => 1024 * 1024;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(options => options.MaxBodyBytes = MaxBodyBytes);

    public async Task DisposeAsync() => await host!.DisposeAsync();

    protected override Task<HttpClient> ClientAsync() => Task.FromResult(host!.Client);
}
