using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.Balancing;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Models.Deployments;

public sealed class DeployedEmbeddingGeneratorTests
{
    private static readonly ModelEndpoint[] Endpoints = [new(new Uri("https://a/v1")), new(new Uri("https://b/v1"))];
    private readonly List<int> called = [];

    [Fact]
    public async Task Generate_TwoDeployments_TakesTurns()
    {
        using var generator = Generator(refuses: false);
        for (var i = 0; i < 6; i++) await generator.GenerateAsync(["text"]);
        Assert.Equal([0, 1, 0, 1, 0, 1], called);
    }

    [Fact]
    public async Task Generate_OneRefuses_TheOtherAnswers()
    {
        using var generator = Generator(refuses: true);
        for (var i = 0; i < 3; i++) Assert.Single(await generator.GenerateAsync(["text"]));
        Assert.Equal([0, 1, 1, 1], called);
    }

    [Fact]
    public void Construct_PoolOfOthers_IsRefused() => Assert.Throws<ArgumentException>(() => new DeployedEmbeddingGenerator([], new DeploymentPool("e", Endpoints)));

    private DeployedEmbeddingGenerator Generator(bool refuses) =>
        new([One(0, refuses), One(1, refuses: false)], new DeploymentPool("e", Endpoints, new BalancingOptions { Strategy = BalancingStrategy.RoundRobin }));

    private IEmbeddingGenerator<string, Embedding<float>> One(int number, bool refuses)
    {
        var generator = new Mock<IEmbeddingGenerator<string, Embedding<float>>>();
        generator.Setup(g => g.GenerateAsync(It.IsAny<IEnumerable<string>>(), It.IsAny<EmbeddingGenerationOptions?>(), It.IsAny<CancellationToken>()))
            .Callback(() => called.Add(number))
            .Returns(() => refuses ? throw new ThrottledException("Too many.", TimeSpan.FromMinutes(1)) : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>([new Embedding<float>(new float[] { 1 })])));
        return generator.Object;
    }
}
