using AgentFunctions.Core;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>The same against the host as it is started: its own web server, and the engine on a journal.</summary>
public sealed class EngineMalformedRequestsTests(EngineMalformedRequestsTests.StartedHost started) : MalformedRequestsSuite, IClassFixture<EngineMalformedRequestsTests.StartedHost>
{
    protected override Task<HttpClient> ClientAsync() => Task.FromResult(started.Client);

    /// <summary>One host for all requests, as none of them may change anything.</summary>
    public sealed class StartedHost : IAsyncLifetime
    {
        private readonly string folder = Directory.CreateTempSubdirectory("agentfunctions-malformed-").FullName;
        private IAsyncDisposable? host;

        public HttpClient Client { get; } = new();

        public async Task InitializeAsync()
        {
            var options = new LocalHostOptions { DataDirectory = folder, Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Error };
            var local = await new LocalHostFactory(AgentFunctionsCatalog.Create()).StartAsync(options, CancellationToken.None);
            (host, Client.BaseAddress) = (local, local.Address);
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await host!.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
