using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>Conversations over real HTTP with the real SDK: what is static comes first and byte-identical, and a session stays where its beginning has been read.</summary>
public sealed class PrefixCacheTests
{
    private const int Turns = 8;
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0, ToolRounds = 0 };
    private static readonly string Instructions = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"Rule {i}: be exact."));

    [Fact]
    public async Task Session_TwoDeployments_StaysWithOneWhichHasReadItsBeginning()
    {
        await using var first = await SimulatedProvider.StartAsync(Quick);
        await using var second = await SimulatedProvider.StartAsync(Quick);
        var options = new ModelOptions { Endpoint = first.Endpoint, Key = "k", MoreEndpoints = [new ModelEndpoint(second.Endpoint, "k")], Balanced = new ModelChoice("m", new ModelPrice(4, 0, 1)) };

        var costs = await ConverseAsync(new ModelCatalog(options, TimeProvider.System), "session-1");

        Assert.Equal(Turns, Math.Max(first.Stats.Answered, second.Stats.Answered));
        Assert.Equal(0, Math.Min(first.Stats.Answered, second.Stats.Answered));
        Assert.Equal(0, costs[0].CachedInputTokens);
        // All but the newest messages and what the provider's steps of 128 tokens leave over.
        Assert.All(costs.Skip(1), cost => Assert.InRange((double)cost.CachedInputTokens / cost.InputTokens, 0.85, 1));
        Assert.All(costs, cost => Assert.Equal(((cost.InputTokens - cost.CachedInputTokens) * 4 / 1_000_000m) + (cost.CachedInputTokens / 1_000_000m), cost.Usd));
        Assert.Equal(costs.Sum(cost => cost.CachedInputTokens), first.Stats.CachedInputTokens + second.Stats.CachedInputTokens);
    }

    [Fact]
    public async Task Sessions_Many_UseAllDeployments()
    {
        await using var first = await SimulatedProvider.StartAsync(Quick);
        await using var second = await SimulatedProvider.StartAsync(Quick);
        var catalog = new ModelCatalog(new ModelOptions { Endpoint = first.Endpoint, Key = "k", MoreEndpoints = [new ModelEndpoint(second.Endpoint, "k")] }, TimeProvider.System);

        for (var i = 0; i < 10; i++) await ConverseAsync(catalog, $"session-{i}", turns: 1);

        Assert.NotEqual(0, first.Stats.Answered);
        Assert.NotEqual(0, second.Stats.Answered);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(null, 0)]
    public async Task CacheKey_OnlyWhereTheProviderKnowsIt_IsSent(bool? sends, int expected)
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var client = new OpenAIChatClient("m", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "k", SendsCacheKey = sends });

        await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { AdditionalProperties = new() { [ModelProperties.Affinity] = "session-1" } });

        Assert.Equal(expected, provider.Stats.WithCacheKey);
    }

    [Fact]
    public async Task Tools_AnotherOrderAndForm_HaveTheSameBeginning()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var client = new OpenAIChatClient("m", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "k" });
        var (a, b) = (Tool("a", """{"type":"object","properties":{"x":{"type":"string"}}}"""), Tool("b", """{"type":"object"}"""));
        var again = Tool("a", """{ "properties": {"x": {"type": "string"}}, "type": "object" }""");
        ChatMessage[] messages = [new(ChatRole.System, Instructions), new(ChatRole.User, "Hi")];

        await client.GetResponseAsync(messages, new ChatOptions { Tools = [a, b] });
        var reply = await client.GetResponseAsync(messages, new ChatOptions { Tools = [b, again] });

        Assert.InRange(reply.Usage!.CachedInputTokenCount!.Value, 1024, reply.Usage.InputTokenCount!.Value);
    }

    private static AIFunctionDeclaration Tool(string name, string schema) => AIFunctionFactory.CreateDeclaration(name, "A tool.", JsonElement.Parse(schema));

    private static async Task<List<Cost>> ConverseAsync(ModelCatalog catalog, string session, int turns = Turns)
    {
        var store = new MemoryContentStore();
        var activity = new StreamModelActivity(catalog, new ToolRegistry([], Options.Create(new ToolOptions())), store, new ConversationStore(store), new SilentRunOutput(), () => null, NullLogger.Instance);
        List<Cost> costs = [];
        ContentRef? head = null;
        for (var turn = 1; turn <= turns; turn++)
        {
            var say = new ConversationMessage { Role = ConversationRole.User, Content = new Content { Text = $"{session}: question {turn}?" } };
            // Another run each time, as an agent's session is used.
            var reply = await activity.RunAsync(new ActivityContext($"run-{turn}", "StreamModel", 1), new ChatCall { Instructions = Instructions, Head = head, Append = [say], Affinity = session, Turn = turn }, CancellationToken.None);
            head = reply.Head;
            costs.Add(reply.Cost!);
        }

        return costs;
    }
}
