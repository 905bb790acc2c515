using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Tests.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Models.Routing;

public sealed class RoutedCatalogTests
{
    private readonly TieredModels models = new();

    [Fact]
    public void Names_HaveAuto_InOrder() => Assert.Equal(["auto", "balanced", "big", "capable", "fast", "middle", "offline-extractive", "small", "spare"], models.Catalog().Names);

    [Theory]
    [InlineData("auto", "auto", 1000)]
    [InlineData("AUTO", "auto", 1000)]
    [InlineData("Fast", "small", 10)]
    [InlineData("spare", "spare", 20)]
    public void Resolve_Name_IsThatModel(string name, string model, int inputPrice)
    {
        var resolved = models.Catalog().Resolve(name);
        Assert.Equal((model, (decimal)inputPrice), (resolved.Name, resolved.Price.InputPerMillion));
    }

    [Theory]
    [InlineData("Small")]
    [InlineData("gpt")]
    public void Resolve_Unknown_NamesThoseThatThereAre(string name) =>
        Assert.Equal($"There is no model '{name}'. There are: auto, balanced, big, capable, fast, middle, offline-extractive, small, spare.", Assert.Throws<PermanentFailureException>(() => models.Catalog().Resolve(name)).Message);

    [Fact]
    public void Resolve_ModelWithACache_SaysThatItHasOne() => Assert.NotNull(models.Catalog(cache: new FakeCallCache()).Resolve("auto").Client.GetService(typeof(CachingChatClient)));

    [Fact]
    public async Task Resolve_Offline_AutoIsTheOfflineModelAndFailsNowhereElse()
    {
        var options = new ModelOptions();
        var catalog = new RoutedCatalog(new ModelCatalog(options, TimeProvider.System), options, new RoutingOptions { NamedTiers = true, Chains = { ["capable"] = ["gpt-4.1-mini"] } }, TimeProvider.System);
        foreach (var name in (string[])["auto", "capable"])
        {
            var response = await catalog.Resolve(name).Client.GetResponseAsync([new ChatMessage(ChatRole.System, "Summarise."), new ChatMessage(ChatRole.User, "Canals carry boats. Locks lift them.")]);
            Assert.Equal("offline-extractive", response.ModelId);
        }
    }

    public static TheoryData<RoutingOptions, string> Wrong => new()
    {
        { new() { Strategy = (RoutingStrategy)9 }, "Routing:Strategy is 9. Set it to one of Rules, Complexity, Model." },
        { new() { Fallback = (FallbackOrder)9 }, "Routing:Fallback is 9." },
        { new() { BalancedFromScore = -0.1 }, "Routing:BalancedFromScore is -0.1. Set it to between 0 and 1." },
        { new() { CapableFromScore = 0.1 }, "Routing:CapableFromScore is 0.1. Set it to between 0.14 and 1." },
        { new() { CapableFromScore = double.NaN }, "Routing:CapableFromScore is NaN." },
        { new() { BalancedFromTokens = 0 }, "Routing:BalancedFromTokens is 0. Set it to between 1 and 10000000." },
        { new() { CapableFromTokens = 15_999 }, "Routing:CapableFromTokens is 15999. Set it to between 16000 and 10000000." },
        { new() { SmallWait = TimeSpan.FromMinutes(2) }, "Routing:SmallWait is 00:02:00. Set it to between 00:00:00 and 00:01:00." },
        { new() { ClassifierTimeout = TimeSpan.Zero }, "Routing:ClassifierTimeout is 00:00:00." },
        { new() { Purposes = { ["Guess"] = "fast" } }, "Routing:Purposes has 'Guess', which is no purpose." },
        { new() { Purposes = { ["Judge"] = "auto" } }, "Routing:Purposes:Judge is 'auto'. Set it to one of fast, balanced, capable." },
        { new() { Alternates = { ["spare"] = ["small"] } }, "Routing:Alternates has 'spare', which is no tier." },
        { new() { Alternates = { ["fast"] = ["balanced"] } }, "Routing:Alternates:fast names 'balanced', which is not a configured model. There are: small, middle, big, spare." },
        { new() { Chains = { ["other"] = ["small"] } }, "Routing:Chains has 'other', which is neither a tier nor a configured model." },
        { new() { Chains = { ["fast"] = ["other"] } }, "Routing:Chains:fast names 'other', which is neither a tier nor a configured model. There are: fast, balanced, capable, small, middle, big, spare." },
        { new() { Chains = { ["fast"] = [.. Enumerable.Repeat("big", 17)] } }, "Routing:Chains:fast has 17 models. Set at most 16." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_Wrong_AreRefusedWithNameValueAndRange(RoutingOptions options, string failure)
    {
        Assert.StartsWith(failure, Assert.Single(new RoutingOptionsValidation(TieredModels.Options).Validate(name: null, options).Failures!), StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(() => models.Catalog(options));
    }
}
