using AgentFunctions.Local.ProviderSimulator;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Outcome = AgentFunctions.Local.ProviderSimulator.Outcome;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

public sealed class ProviderSimulatorPolicyTests
{
    public static TheoryData<ProviderSimulatorOptions, string> Wrong => new()
    {
        { new ProviderSimulatorOptions { Port = -1 }, "Port is -1. Set it to between 0 and 65535." },
        { new ProviderSimulatorOptions { Port = 70_000 }, "Port is 70000" },
        { new ProviderSimulatorOptions { Latency = (LatencyShape)9 }, "Latency is 9" },
        { new ProviderSimulatorOptions { BaseMilliseconds = -1 }, "BaseMilliseconds is -1" },
        { new ProviderSimulatorOptions { BaseMilliseconds = double.NaN }, "BaseMilliseconds is NaN" },
        { new ProviderSimulatorOptions { Latency = LatencyShape.Uniform, Spread = 1.5 }, "Spread is 1.5" },
        { new ProviderSimulatorOptions { MillisecondsPerToken = 20_000 }, "MillisecondsPerToken is 20000" },
        { new ProviderSimulatorOptions { RequestsPerMinute = -5 }, "RequestsPerMinute is -5" },
        { new ProviderSimulatorOptions { TokensPerMinute = -5 }, "TokensPerMinute is -5" },
        { new ProviderSimulatorOptions { FaultRate = 1.1 }, "FaultRate is 1.1" },
        { new ProviderSimulatorOptions { MalformedRate = -0.1 }, "MalformedRate is -0.1" },
        { new ProviderSimulatorOptions { HangRate = 2 }, "HangRate is 2" },
        { new ProviderSimulatorOptions { FaultRate = 0.5, HangRate = 0.6 }, "add up to 1.1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Build_WrongSetting_NamesItItsValueAndItsRange(ProviderSimulatorOptions options, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => SimulatedProvider.Build(options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fate_Rates_AreKeptOverManyRequests()
    {
        var options = new ProviderSimulatorOptions { FaultRate = 0.1, MalformedRate = 0.05, HangRate = 0.02 };
        var counts = Enumerable.Range(1, 20_000).Select(number => Fate.Of(options, number).Outcome).CountBy(outcome => outcome).ToDictionary();
        Assert.InRange(counts[Outcome.Fault], 1800, 2200);
        Assert.InRange(counts[Outcome.Malformed], 850, 1150);
        Assert.InRange(counts[Outcome.Hang], 320, 480);
    }

    [Theory]
    [InlineData(LatencyShape.Fixed, 0.5)]
    [InlineData(LatencyShape.Uniform, 0.5)]
    [InlineData(LatencyShape.Lognormal, 0.5)]
    public void Fate_Latency_HasTheSetMean(LatencyShape shape, double spread)
    {
        var options = new ProviderSimulatorOptions { Latency = shape, Spread = spread, BaseMilliseconds = 100 };
        var times = Enumerable.Range(1, 20_000).Select(number => Fate.Of(options, number).FirstToken.TotalMilliseconds).ToList();
        Assert.InRange(times.Average(), 98, 102);
        if (shape == LatencyShape.Uniform) Assert.All(times, time => Assert.InRange(time, 50, 150));
        if (shape == LatencyShape.Lognormal) Assert.True(times.Max() > 300);
        if (shape != LatencyShape.Fixed) Assert.True(times.Distinct().Count() > 19_000);
    }

    [Fact]
    public void MinuteBucket_Greedy_NeverGivesMoreThanTheLimitAndWhatWasRefilled() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (steps, limit) =>
        {
            var perMinute = limit + 1;
            var time = new ManualTime();
            var bucket = new MinuteBucket(perMinute, time);
            var elapsed = TimeSpan.Zero;
            var taken = 0;
            foreach (var step in steps ?? [])
            {
                var amount = (step % 7) + 1;
                if (bucket.WaitFor(amount) is { Ticks: 0 })
                {
                    bucket.Take(amount);
                    taken += amount;
                }

                var pause = TimeSpan.FromMilliseconds(step * 10);
                time.Advance(pause);
                elapsed += pause;
            }

            return taken <= perMinute + (elapsed.TotalMinutes * perMinute) + 1e-6;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void MinuteBucket_AfterTheNamedWait_LetsIn()
    {
        var time = new ManualTime();
        var bucket = new MinuteBucket(7, time);
        for (var i = 0; i < 500; i++)
        {
            var amount = (i % 7) + 1;
            var wait = bucket.WaitFor(amount)!.Value;
            time.Advance(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)));
            Assert.Equal(TimeSpan.Zero, bucket.WaitFor(amount));
            bucket.Take(amount);
        }
    }

    [Fact]
    public void MinuteBucket_ChargedLater_GoesIntoDebt()
    {
        var time = new ManualTime();
        var bucket = new MinuteBucket(60, time);
        bucket.Take(90);
        Assert.Equal(0, bucket.Left);
        Assert.Equal(TimeSpan.FromSeconds(31), bucket.WaitFor(1));
        Assert.Null(bucket.WaitFor(61));
    }
}
