using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.Balancing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Models.Deployments;

public sealed class BalancingOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreAdaptiveAndValid()
    {
        Assert.Equal(BalancingStrategy.Adaptive, new BalancingOptions().Strategy);
        Assert.Null(Failures(new BalancingOptions()));
    }

    [Fact]
    public void Validate_EachOutOfRange_IsRefusedByNameValueAndRange()
    {
        AssertRefused("Balancing:Strategy is 9. Set it to one of Adaptive, RoundRobin, LeastInFlight, ResponseTime.", new BalancingOptions { Strategy = (BalancingStrategy)9 });
        AssertRefused("Balancing:Decay is 00:00:00. Set it to between 00:00:00.1000000 and 00:10:00.", new BalancingOptions { Decay = TimeSpan.Zero });
        AssertRefused("Balancing:ShortestQuiet is 00:00:00.", new BalancingOptions { ShortestQuiet = TimeSpan.Zero });
        AssertRefused("Balancing:LongestQuiet is 00:00:01. Set it to between 00:00:05 and 01:00:00.", new BalancingOptions { ShortestQuiet = TimeSpan.FromSeconds(5), LongestQuiet = TimeSpan.FromSeconds(1) });
        AssertRefused("Balancing:SlowStart is -00:00:01.", new BalancingOptions { SlowStart = TimeSpan.FromSeconds(-1) });
        AssertRefused("Balancing:NeverSlow is 01:00:00.", new BalancingOptions { NeverSlow = TimeSpan.FromHours(1) });
        AssertRefused("Balancing:SlowFactor is 1. Set it to between 1.5 and 1000.", new BalancingOptions { SlowFactor = 1 });
        AssertRefused("Balancing:SlowFactor is NaN.", new BalancingOptions { SlowFactor = double.NaN });
    }

    [Fact]
    public void AddModels_WrongSetting_IsRefusedWithThePools()
    {
        using var host = new ServiceCollection().AddModels(new ModelOptions()).Configure<BalancingOptions>(options => options.SlowFactor = 0).BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => host.GetRequiredService<DeploymentPools>());
    }

    private static void AssertRefused(string expected, BalancingOptions options) => Assert.StartsWith(expected, Assert.Single(Failures(options)!), StringComparison.Ordinal);

    private static IEnumerable<string>? Failures(BalancingOptions options) => new BalancingOptionsValidation().Validate(null, options).Failures;
}
