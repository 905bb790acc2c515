using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>Models of one simulated provider that differ.</summary>
public sealed class SimulatedModelTests
{
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0 };

    [Fact]
    public async Task GetResponse_OneModelHasALimitOfItsOwn_OthersAreNotHeldByIt()
    {
        var options = Quick with { RequestsPerMinute = 3, Models = new Dictionary<string, SimulatedModel> { ["small"] = new() { RequestsPerMinute = 1 } } };
        await using var provider = await SimulatedProvider.StartAsync(options, new ManualTime());
        await AskAsync(provider, "small");
        await Assert.ThrowsAsync<ThrottledException>(() => AskAsync(provider, "small"));

        for (var i = 0; i < 3; i++) await AskAsync(provider, "large");
        await Assert.ThrowsAsync<ThrottledException>(() => AskAsync(provider, "large"));
    }

    [Fact]
    public async Task GetResponse_OneModelFails_OthersAnswer()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { Models = new Dictionary<string, SimulatedModel> { ["broken"] = new() { FaultRate = 1 } } });
        await Assert.ThrowsAsync<ModelUnavailableException>(() => AskAsync(provider, "broken"));
        Assert.NotEmpty((await AskAsync(provider, "sound")).Text);
    }

    [Fact]
    public void For_AModelOfItsOwn_HasWhatItSetsAndTheRestOfAll()
    {
        var options = Quick with { MillisecondsPerToken = 3, Models = new Dictionary<string, SimulatedModel> { ["small"] = new() { BaseMilliseconds = 7 } } };
        Assert.Equal((7.0, 3.0), (options.For("small").BaseMilliseconds, options.For("small").MillisecondsPerToken));
        Assert.Same(options, options.For("another"));
    }

    [Fact]
    public void ThrowIfInvalid_AModelOutOfRange_NamesItsModelSettingAndRange()
    {
        var options = Quick with { Models = new Dictionary<string, SimulatedModel> { ["small"] = new() { FaultRate = 2 } } };
        var refused = Assert.Throws<OptionsValidationException>(() => ProviderSimulatorOptionsValidator.ThrowIfInvalid(options));
        Assert.Equal("Models[small]: FaultRate is 2. Set it to between 0 and 1.", Assert.Single(refused.Failures));
    }

    private static async Task<ChatResponse> AskAsync(SimulatedProvider provider, string model)
    {
        using var client = new OpenAIChatClient(model, new OpenAIConnection { Endpoint = provider.Endpoint, Key = "any" });
        return await client.GetResponseAsync([new ChatMessage(ChatRole.User, "The canal joins two seas. What does the canal join?")]);
    }
}
