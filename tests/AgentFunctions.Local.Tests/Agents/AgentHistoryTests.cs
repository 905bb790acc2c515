using System.Text.Json;
using AgentFunctions.Conformance.Patterns;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AgentFunctions.Local.Tests.Agents;

/// <summary>What a conversation costs in history: bytes on disk, all of the journal.</summary>
public sealed class AgentHistoryTests(ITestOutputHelper output)
{
    // 8,000 characters are 2,000 tokens by the usual estimate; with a hundred of them a conversation has 200,000.
    private const int PageCharacters = 8_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task AgentLoop_AHundredToolCalls_HistoryStaysBelowTwoMegabytesAndIsLinear()
    {
        var (bytes25, _) = await BytesAsync(25);
        var (bytes50, _) = await BytesAsync(50);
        var (bytes100, tokens) = await BytesAsync(100);

        Assert.InRange(tokens, 200_000, 220_000);
        Assert.InRange(bytes100, 50_000, 2_000_000);
        var (early, late) = ((bytes50 - bytes25) / 25.0, (bytes100 - bytes50) / 50.0);
        output.WriteLine($"{bytes100:N0} bytes for 100 calls and {tokens:N0} tokens; a turn takes {early:N0} bytes at first and {late:N0} later.");

        // What is written at once shares a header, so that a turn may cost less, by chance; more it may not.
        Assert.InRange(late, early * 0.5, early * 1.1);
        Assert.InRange(late, 500, 10_000);
    }

    private static async Task<(long Bytes, long Tokens)> BytesAsync(int calls)
    {
        var folder = Directory.CreateTempSubdirectory("agentfunctions-agent-").FullName;
        try
        {
            var sent = 0L;
            LocalRunClient? client = null;
            await using var services = new ServiceCollection()
                .AddSingleton<IContentStore>(new MemoryContentStore())
                .AddTools()
                .AddTool(new PageTool())
                .AddModels(new ModelOptions())
                .AddChunkReader()
                .AddSingleton<IRunClient>(_ => client!)
                .AddSingleton<IModelCatalog>(ScriptedModels.Whole(messages =>
                {
                    sent = messages.Sum(message => message.Contents.Sum(content => (long)((content as FunctionResultContent)?.Result?.ToString()?.Length ?? (content as TextContent)?.Text.Length ?? 0))) / 4;
                    var turn = ScriptedModels.TurnOf(messages);
                    return turn <= calls ? [ScriptedModels.Call($"c{turn}", "page", $$"""{"page":{{turn}}}"""), ScriptedModels.End("tool_calls")] : [ScriptedModels.Say("Read."), ScriptedModels.End()];
                }))
                .BuildServiceProvider();
            var catalog = AgentFunctionsCatalog.Create();
            using (var storage = new PhysicalJournalStorage(folder))
            {
                await using var engine = new LocalEngine(catalog, services, storage, new JournalOptions(), new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
                client = new LocalRunClient(engine, catalog);
                var input = new AgentLoopInput { Task = new Content { Text = "Read all pages." }, Tools = ["page"], MaxTurns = 1000, Session = "s" };
                var run = await client.StartAsync(OrchestratorReferences.AgentLoop.Name, DurableJson.ToElement(input, catalog.Json), new StartOptions());
                var state = await client.WaitForCompletionAsync(run.InstanceId).WaitAsync(Patience);
                var result = DurableJson.Read<AgentLoopResult>(state.Output!.Value, catalog.Json);
                Assert.Equal((AgentEnd.Answered, calls + 1, calls), (result.Reason, result.Turns, result.ToolCalls.Single().Calls));
            }

            return (new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), sent);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class PageTool() : Tool("page", "Reads a page.", """{"type":"object","properties":{"page":{"type":"integer"}},"required":["page"]}""", ToolEffect.ReadOnly)
    {
        protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken) =>
            new(JsonSerializer.SerializeToElement(new string((char)('a' + (arguments.Whole("page", 1, 1000) % 26)), PageCharacters)));
    }
}
