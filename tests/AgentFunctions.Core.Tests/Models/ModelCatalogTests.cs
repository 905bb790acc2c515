using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Models.OpenAICompatible;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Models;

public sealed class ModelCatalogTests
{
    private static readonly ModelOptions WithEndpoint = new() { Endpoint = new Uri("http://127.0.0.1:1/v1"), Key = "k", Others = [new ModelChoice("extra", new ModelPrice(1, 2))] };

    [Theory]
    [InlineData("fast")]
    [InlineData("balanced")]
    [InlineData("Capable")]
    [InlineData("offline-extractive")]
    public void Resolve_NoEndpoint_IsTheOfflineModelForFree(string name)
    {
        var resolved = new ModelCatalog(new ModelOptions(), TimeProvider.System).Resolve(name);
        Assert.IsType<OfflineChatClient>(resolved.Client);
        Assert.Equal("offline-extractive", resolved.Name);
        Assert.Equal(ModelPrice.Free, resolved.Price);
    }

    [Fact]
    public void Resolve_Endpoint_IsTheTiersModelWithItsPrice()
    {
        var resolved = new ModelCatalog(WithEndpoint, TimeProvider.System).Resolve("fast");
        Assert.IsType<OpenAIChatClient>(resolved.Client);
        Assert.Equal("gpt-4.1-nano", resolved.Name);
        Assert.Equal(0.10m, resolved.Price.InputPerMillion);
    }

    [Fact]
    public void Resolve_NameOfTierModelAndTier_ShareOneClient()
    {
        var made = new List<string>();
        var catalog = new ModelCatalog(WithEndpoint with { Fast = new ModelChoice("one", ModelPrice.Free), Balanced = new ModelChoice("one", ModelPrice.Free) }, (_, name) =>
        {
            made.Add(name);
            return Mock.Of<IChatClient>();
        });
        Assert.Same(catalog.Resolve("fast").Client, catalog.Resolve("one").Client);
        Assert.Same(catalog.Resolve("fast"), catalog.Resolve("balanced"));
        Assert.Equal(["one", "gpt-4.1", "extra"], made);
    }

    [Fact]
    public void Resolve_UnknownModel_NamesWhatThereIs()
    {
        var error = Assert.Throws<PermanentFailureException>(() => new ModelCatalog(WithEndpoint, TimeProvider.System).Resolve("gpt-9"));
        Assert.All(["'gpt-9'", "fast", "balanced", "capable", "extra", "gpt-4.1-mini", "offline-extractive"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Price_Of_IsPerMillionTokens() => Assert.Equal(0.0006m, new ModelPrice(0.40m, 1.60m).Of(1000, 125));
}
