using System.Text.Json;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.Tests.Crash;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>The real embedded host: a run that puts out, followed over its HTTP API, over reconnects, a restart and a purge.</summary>
public sealed class StreamRestartTests : IDisposable
{
    private static readonly OrchestratorReference<int, int> Talk = new("Talk");
    private static readonly ActivityReference<int, int> Say = new("Say");
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Stream_HostRestarted_TellsTheGapAndWhatComesAfter()
    {
        string id;
        List<StreamedEvent> seen = [];
        await using (var host = await StartAsync())
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            id = (await host.Client.StartAsync("Talk", JsonElement.Parse("2"), new StartOptions())).InstanceId;
            using var reader = await EventReader.OpenAsync(client, id);
            while (seen.Count(e => e.Kind == "token") < 100)
            {
                // Steps may stand anywhere between them.
                seen.Add(await reader.NextAsync() ?? throw new InvalidOperationException("The stream ended."));
            }
        }

        await using var again = await StartAsync();
        using var http = new HttpClient { BaseAddress = again.Address };
        using var resumed = await EventReader.OpenAsync(http, id, seen[^1].Id);
        await again.Client.RaiseEventAsync(id, "go", JsonElement.Parse("1"));
        var rest = await resumed.ReadToEndAsync();
        Assert.Single(rest, e => e.Kind == "gap");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $$"""{"turn":2,"text":"{{i}} "}"""), rest.Where(e => e.Kind == "token").Select(e => e.Data));
        Assert.True(rest.FindIndex(e => e.Kind == "gap") < rest.FindIndex(e => e.Kind == "token"));
        Assert.Equal("ended", rest[^1].Kind);
        var history = seen.Concat(rest).Where(e => e.Kind == "step").Select(e => JsonElement.Parse(e.Data)).Where(s => s.GetProperty("status").GetString() == "Completed").ToList();
        Assert.Equal([1, 2, 3], history.Select(s => s.GetProperty("id").GetInt32()));

        Assert.Equal(1, await again.Client.PurgeAsync(id));
        using var reader2 = again.Output.OpenReader(id, new RunOutputStart(0, DateTimeOffset.UtcNow));
        Assert.True((await reader2.ReadAsync(CancellationToken.None)).IsEmpty);
    }

    /// <summary>Says a hundred words, waits for an event, and says a hundred more.</summary>
    private Task<ILocalHost> StartAsync() => new LocalHostFactory(AgentFunctionsCatalog.Create(builder => builder
        .AddActivity(Say, services => new TestActivity<int, int>(async (context, turn, token) =>
        {
            var output = services.GetRequiredService<IRunOutput>();
            for (var i = 0; i < 100; i++)
            {
                await output.AppendAsync(context.InstanceId, RunOutputKinds.Token, JsonElement.Parse($$"""{"turn":{{turn}},"text":"{{i}} "}"""), token);
            }

            return turn;
        }))
        .AddOrchestrator(Talk, new TestOrchestrator<int, int>(async (context, turns) =>
        {
            await context.CallActivityAsync(Say, 1);
            await context.WaitForExternalEventAsync<int>("go");
            return await context.CallActivityAsync(Say, turns);
        })))).StartAsync(new LocalHostOptions { DataDirectory = folder.Path, Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
}
