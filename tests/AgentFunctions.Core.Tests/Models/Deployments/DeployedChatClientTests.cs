using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Models.Deployments;

public sealed class DeployedChatClientTests
{
    private readonly List<int> called = [];

    [Fact]
    public async Task GetResponse_OneAffinity_IsAlwaysOneDeployment()
    {
        using var client = Client(4);
        for (var i = 0; i < 20; i++) await client.GetResponseAsync([], Affine("session-1"));
        Assert.Single(called.Distinct());
    }

    [Fact]
    public async Task GetResponse_ManyAffinities_UseAllDeployments()
    {
        using var client = Client(4);
        for (var i = 0; i < 100; i++) await client.GetResponseAsync([], Affine($"session-{i}"));
        Assert.Equal(4, called.Distinct().Count());
    }

    [Fact]
    public async Task GetResponse_NoAffinity_TakesTurns()
    {
        using var client = Client(3);
        for (var i = 0; i < 9; i++) await client.GetResponseAsync([]);
        Assert.All(called.CountBy(number => number), count => Assert.Equal(3, count.Value));
    }

    [Fact]
    public void Construct_NoDeployments_IsRefused() => Assert.Throws<ArgumentException>(() => new DeployedChatClient([]));

    private static ChatOptions Affine(string key) => new() { AdditionalProperties = new() { [ModelProperties.Affinity] = key } };

    private DeployedChatClient Client(int deployments) => new([.. Enumerable.Range(0, deployments).Select(Deployment)]);

    private (ModelEndpoint Endpoint, IChatClient Client) Deployment(int number)
    {
        var client = new Mock<IChatClient>();
        client.Setup(c => c.GetResponseAsync(It.IsAny<IEnumerable<ChatMessage>>(), It.IsAny<ChatOptions?>(), It.IsAny<CancellationToken>()))
            .Callback(() => called.Add(number)).ReturnsAsync(new ChatResponse());
        return (new ModelEndpoint(new Uri($"https://host-{number}/v1")), client.Object);
    }
}
