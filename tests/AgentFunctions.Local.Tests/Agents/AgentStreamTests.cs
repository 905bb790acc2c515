using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Local.Tests.Http;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Agents;

/// <summary>The whole way: AgentLoop on the embedded host, the OpenAI adapter and SDK, a provider over HTTP, and a follower over HTTP.</summary>
public sealed class AgentStreamTests
{
    private const int Words = 40;

    [Fact]
    public async Task AgentLoop_Followed_TokensAndToolsFlowWhileTheModelSpeaksAndAReconnectMissesNothing()
    {
        // The first turn says a few words, calls echo, and then takes its time over the arguments of a second call.
        var slow = new string('x', 400);
        var script = ProviderScript.Parse($$"""
            {"turns":[
              {"text":"I look it up now. ","toolCalls":[{"tool":"echo","arguments":{"value":"canal"},"id":"one"},{"tool":"echo","arguments":{"value":"{{slow}}"},"id":"two"}]},
              {"text":"{{string.Join(' ', Enumerable.Range(1, Words).Select(i => $"word{i}"))}}"}]}
            """);
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 20, MillisecondsPerToken = 10, Script = script });
        await using var host = await new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services
            .AddModels(new ModelOptions { Endpoint = provider.Endpoint, Key = "any" })).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = host.Address };
        var input = JsonElement.Parse("""{"task":{"text":"How long is the canal?"},"tools":["echo"],"stream":true,"speculate":false}""");
        var id = (await host.Client.StartAsync("AgentLoop", input, new StartOptions())).InstanceId;

        // A follower that drops its connection after each handful of events.
        List<StreamedEvent> seen = [];
        var startedEarly = false;
        while (seen is not [.., { Kind: "ended" }])
        {
            using var reader = await EventReader.OpenAsync(client, id, seen.Count == 0 ? null : seen[^1].Id);
            foreach (var _ in Enumerable.Range(0, 7))
            {
                if (await reader.NextAsync() is not { } next)
                {
                    break;
                }

                seen.Add(next);
                startedEarly |= next.Kind == "step" && next.Data.Contains("\"CallTool\"", StringComparison.Ordinal) && !seen.Any(e => e.Kind == "message");
            }
        }

        var kinds = seen.Select(e => e.Kind).ToList();
        Assert.DoesNotContain("gap", kinds);
        Assert.DoesNotContain("error", kinds);
        Assert.Equal(2, kinds.Count(k => k == "turn"));
        Assert.Equal("I look it up now. " + string.Join(' ', Enumerable.Range(1, Words).Select(i => $"word{i}")), string.Concat(seen.Where(e => e.Kind == "token").Select(e => JsonElement.Parse(e.Data).GetProperty("text").GetString())));
        Assert.Equal(["one", "two"], seen.Where(e => e.Kind == "toolCall").Select(e => JsonElement.Parse(e.Data).GetProperty("call").GetProperty("id").GetString()));
        Assert.Equal(["canal", slow], seen.Where(e => e.Kind == "toolResult").Select(e => JsonElement.Parse(e.Data).GetProperty("value").GetString()));
        Assert.Equal(2, kinds.Count(k => k == "message"));
        Assert.True(kinds.IndexOf("token") < kinds.IndexOf("message"), "tokens come before the model has ended");
        Assert.True(kinds.IndexOf("toolCall") < kinds.IndexOf("message"), "a call is told before the model has ended");
        Assert.True(startedEarly, "a read-only tool starts before the model has ended");
        Assert.Equal(seen.Count, seen.Select(e => e.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("Completed", JsonElement.Parse(seen[^1].Data).GetProperty("runtimeStatus").GetString());
    }
}
