using System.Numerics.Tensors;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.ProviderSimulator;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>Our embedding adapter over the real OpenAI SDK against the simulator, over real HTTP.</summary>
public sealed class SimulatedEmbeddingTests
{
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0 };

    [Fact]
    public async Task Embed_OverHttp_StoresVectorsWithTheirCost()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var store = new MemoryContentStore();
        var models = new EmbeddingCatalog(new ModelOptions { Endpoint = provider.Endpoint, Embedding = new ModelChoice("e", new ModelPrice(10_000m, 0)) }, TimeProvider.System);
        var texts = Enumerable.Range(0, 130).Select(i => new Content { Text = i == 129 ? "Resetting the password" : $"How do I reset my password {i}?" }).ToList();

        var reply = await new EmbedActivity(models, store).RunAsync(new ActivityContext("run", "Embed", 0), new EmbedRequest { Texts = texts, Dimensions = 256 }, CancellationToken.None);

        Assert.Equal((130, 256, "e"), (reply.Count, reply.Dimensions, reply.Model));
        Assert.Equal(130 * 256 * sizeof(float), (await store.GetAsync(reply.Vectors, CancellationToken.None)).Length);
        Assert.False(reply.Cost!.Estimated);
        Assert.Equal(reply.Cost.InputTokens / 100m, reply.Cost.Usd);
    }

    [Fact]
    public async Task Generate_OverHttp_IsNearForTextsThatShareWords()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var model = new EmbeddingCatalog(new ModelOptions { Endpoint = provider.Endpoint }, TimeProvider.System).Resolve("embedding");
        var vectors = await model.Generator.GenerateAsync(["reset a password", "the password reset", "ducks on canals"]);
        Assert.Equal(1536, vectors[0].Vector.Length);
        Assert.True(TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[1].Vector.Span) > TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[2].Vector.Span));
    }
}
