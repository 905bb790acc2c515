using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Batching;

/// <summary>Embeddings of a host's catalog over HTTP.</summary>
public sealed class JoinedEmbeddingsTests
{
    [Fact]
    public async Task Generate_ManyAtOnce_GoInFewRequestsAndEachGetsItsOwnVectorAndItsShare()
    {
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 100, MillisecondsPerToken = 0 });
        var models = new ModelOptions { Endpoint = provider.Endpoint, Key = "any" };
        await using var joined = new ServiceCollection().AddModels(models).BuildServiceProvider();
        await using var plain = new ServiceCollection().Configure<BatchOptions>(options => options.Enabled = false).AddModels(models).BuildServiceProvider();
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"Text {i}, which is {(i % 2 == 0 ? "short" : "a good deal longer than the others are")}.")];
        var model = joined.GetRequiredService<IEmbeddingCatalog>().Resolve("embedding").Generator;

        var made = await Task.WhenAll(texts.Select((text, i) => model.GenerateAsync([text], new EmbeddingGenerationOptions { Dimensions = 32, AdditionalProperties = new() { [ModelProperties.Priority] = (RunPriority)(i % 3) } })));

        var stats = provider.Stats;
        Assert.InRange(stats.Requests, 1, texts.Length / 2);
        Assert.Equal(stats.InputTokens, made.Sum(each => each.Usage!.InputTokenCount!.Value));
        var expected = await plain.GetRequiredService<IEmbeddingCatalog>().Resolve("embedding").Generator.GenerateAsync(texts, new EmbeddingGenerationOptions { Dimensions = 32 });
        Assert.Equal(expected.Select(vector => vector.Vector.ToArray()), made.Select(each => Assert.Single(each).Vector.ToArray()));
    }
}
