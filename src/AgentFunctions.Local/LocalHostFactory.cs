using AgentFunctions.Api;
using AgentFunctions.Api.Settings;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Stores;
using AgentFunctions.Local.Stores.KeyValues;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentFunctions.Local;

/// <summary>Puts an embedded host together: the engine on its journal, what activities need, and the HTTP API.</summary>
/// <param name="catalog">What it runs.</param>
/// <param name="configure">Adds tools and other services. Default: none.</param>
internal sealed class LocalHostFactory(Catalog catalog, Action<IServiceCollection>? configure = null) : ILocalHostFactory
{
    /// <summary>The start of the environment variables that the host is configured by, as in AGENTFUNCTIONS_Tools__HttpGet__AllowedHosts__0.</summary>
    public const string EnvironmentPrefix = "AGENTFUNCTIONS_";

    /// <inheritdoc/>
    public async Task<ILocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        options = options.Validated();
        // The lock comes first: nothing of the folder may be touched while another process has it.
        IJournalStorage storage = options.DataDirectory is { } folder ? new PhysicalJournalStorage(Path.Combine(folder, "journal")) : new MemoryJournalStorage();
        LocalEngine? engine = null;
        WebApplication? web = null;
        try
        {
            var state = new LocalHostState();
            web = Build(options, state, () => engine);
            EnvironmentNames.WarnOfUnknown(Environment.GetEnvironmentVariables().Keys.Cast<string>(), [.. web.Services.GetServices<KnownSection>().Select(section => section.Path)], web.Services.GetRequiredService<ILogger<LocalHostFactory>>());
            // Now, so that a folder that another process has refuses the start and not the first answer.
            _ = web.Services.GetService<IKeyValueStore>();
            engine = new LocalEngine(catalog, web.Services, storage, new JournalOptions(), new EngineOptions { MaxActivities = options.MaxActivities }, web.Services.GetRequiredService<TimeProvider>(), web.Services.GetRequiredService<ILoggerFactory>());
            state.Watch(engine);
            web.UseMiddleware<LoopbackGuard>();
            web.MapAgentFunctions();
            // Before the first run; a command that serves no HTTP starts no hosted services.
            web.Services.GetRequiredService<McpServers>().Start();
            if (options.Urls is not null)
            {
                await web.StartAsync(cancellationToken);
            }

            var address = options.Urls is null ? null : web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First();
            return new LocalHost(web, engine, storage, state, catalog, address is null ? null : new Uri(address));
        }
        catch
        {
            if (engine is not null)
            {
                await engine.DisposeAsync();
            }

            if (web is not null)
            {
                await web.DisposeAsync();
            }

            storage.Dispose();
            throw;
        }
    }

    private WebApplication Build(LocalHostOptions options, LocalHostState state, Func<LocalEngine?> engine)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables(EnvironmentPrefix);
        builder.Logging.ClearProviders().SetMinimumLevel(options.MinimumLogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(line => (line.SingleLine, line.TimestampFormat) = (true, "HH:mm:ss "));
        builder.WebHost.UseUrls(options.Urls ?? "").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (options.DataDirectory is { } data)
        {
            var store = builder.Configuration.ReadSettings<KeyValueStoreOptions>(KeyValueStoreOptions.Section);
            builder.Services.AddSingleton<IKeyValueStore>(host => FileKeyValueStore.Open(Path.Combine(data, "cache"), store, host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<FileKeyValueStore>>()));
        }

        // One process is all there is, and a computer that does nothing should write nothing.
        builder.Services.Configure<ScalingOptions>(scaling => scaling.Report = ScalingReports.WhenAsked);
        builder.Services.AddSingleton(TimeProvider.System)
            .AddSingleton(catalog)
            .AddSingleton<IHostState>(state)
            .AddSingleton<ILoadSource>(new EngineLoad(engine))
            .AddSingleton<IContentStore>(_ => options.DataDirectory is { } folder ? FileContentStore.Open(Path.Combine(folder, "content")) : new MemoryContentStore())
            .AddSingleton<IRunClient>(host => new LocalRunClient(engine()!, catalog, host.GetRequiredService<IRunOutputStore>()))
            .AddAgentFunctions(builder.Configuration, ModelEnvironment.Read(Environment.GetEnvironmentVariable));
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
