using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Orchestrations;

public sealed class ReplaySafeRandomTests
{
    [Fact]
    public void NextDouble_Many_AreInRangeAndEvenlySpread()
    {
        var random = new ReplaySafeRandom(42);
        var tenths = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            var number = random.NextDouble();
            Assert.InRange(number, 0, 0.99999999999999989);
            tenths[(int)(number * 10)]++;
        }

        Assert.All(tenths, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void From_SameRun_GivesTheSameNumbers() => Assert.Equal(Draw(), Draw());

    [Fact]
    public void From_TwiceInOneRun_GivesDifferentNumbers()
    {
        var numbers = new ScriptedWorld().Run(context => Task.FromResult((ReplaySafeRandom.From(context).NextDouble(), ReplaySafeRandom.From(context).NextDouble()))).Ended();
        Assert.NotEqual(numbers.Item1, numbers.Item2);
    }

    private static double Draw() => new ScriptedWorld().Run(context => Task.FromResult(ReplaySafeRandom.From(context).NextDouble())).Ended();
}
