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

/// <summary>The same over a real socket, with the default limit: chunked bodies, early answers and escapes behave as in production.</summary>
public sealed class SocketMalformedRequestsTests : MalformedRequestsSuite, IAsyncLifetime
{
    private ApiHost? host;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(kestrel: true);

    public async Task DisposeAsync() => await host!.DisposeAsync();

    protected override Task<HttpClient> ClientAsync() => Task.FromResult(host!.Client);
}
