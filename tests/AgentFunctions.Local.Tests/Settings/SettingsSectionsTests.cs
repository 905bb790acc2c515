using AgentFunctions.Api.Settings;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.Settings;

public sealed class SettingsSectionsTests
{
    [Theory]
    [InlineData("Budgets:Tenat:UsdPerDay", "Budgets:Tenat is not a setting. Those of Budgets are: All, Run, RunBudgets, Tenant, Tenants, Wait. Correct the name, or unset it.")]
    [InlineData("Budgets:Tenants:acme:UsdPerDya", "Budgets:Tenants:acme:UsdPerDya is not a setting. Those of Budgets:Tenants:acme are: TokensPerDay, TokensPerMonth, UsdPerDay, UsdPerMonth. Correct the name, or unset it.")]
    [InlineData("Budgets:Wait:Seconds", "Budgets:Wait:Seconds is not a setting: Budgets:Wait is one value. Unset it.")]
    [InlineData("Budgets:All:UsdPerDay:0", "Budgets:All:UsdPerDay:0 is not a setting: Budgets:All:UsdPerDay is one value. Unset it.")]
    public void AddSettings_UnknownName_IsRefusedWithThoseThatThereAre(string name, string message) => Assert.Equal(message, Refusal<BudgetOptions>(BudgetOptions.Section, name, "1"));

    [Fact]
    public void AddSettings_ValueOfAnotherKind_IsRefusedWithItsNameAndValue() =>
        Assert.Equal("Failed to convert configuration value 'abc' at 'Limits:Shards' to type 'System.Int32'.", Refusal<LimitOptions>(LimitOptions.Section, "Limits:Shards", "abc"));

    [Fact]
    public void AddSettings_WhatOthersReadBesides_IsLeftToThem()
    {
        Assert.StartsWith("Cache:Fiel is not a setting.", Refusal<CacheOptions>(CacheOptions.Section, "Cache:Fiel:MostBytes", "1", "File"), StringComparison.Ordinal);
        Assert.NotNull(Read<CacheOptions>(CacheOptions.Section, "Cache:File:MostBytes", "1", "File"));
    }

    [Fact]
    public void AddSettings_ListsAndDictionaries_TakeAnyKey()
    {
        Assert.Equal(["a.example"], Read<ToolOptions>(ToolOptions.Section, "Tools:HttpGet:AllowedHosts:0", "a.example").HttpGet.AllowedHosts);
        Assert.Equal(["b"], Read<RoutingOptions>(RoutingOptions.Section, "Routing:Alternates:fast:0", "b").Alternates["fast"]);
        Assert.Equal("v", Read<McpOptions>(McpOptions.Section, "Mcp:Servers:x:Environment:Any", "v").Servers["x"].Environment["Any"]);
        Assert.Equal(5, Read<BudgetOptions>(BudgetOptions.Section, "budgets:tenants:acme:usdperday", "5").Tenants["acme"].UsdPerDay);
    }

    [Fact]
    public void ReadSettings_UnknownName_IsRefused()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Configuration("Limits:Shrads", "2").ReadSettings<LimitOptions>(LimitOptions.Section));
        Assert.StartsWith("Limits:Shrads is not a setting. Those of Limits are: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, Configuration("Limits:Shards", "2").ReadSettings<LimitOptions>(LimitOptions.Section).Shards);
    }

    private static string Refusal<TOptions>(string section, string name, string value, params string[] besides)
        where TOptions : class => Assert.Throws<OptionsValidationException>(() => Read<TOptions>(section, name, value, besides)).Message;

    private static TOptions Read<TOptions>(string section, string name, string value, params string[] besides)
        where TOptions : class
    {
        using var host = new ServiceCollection().AddSettings<TOptions>(Configuration(name, value), section, besides).BuildServiceProvider();
        return host.GetRequiredService<IOptions<TOptions>>().Value;
    }

    private static IConfiguration Configuration(string name, string value) => new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();
}
