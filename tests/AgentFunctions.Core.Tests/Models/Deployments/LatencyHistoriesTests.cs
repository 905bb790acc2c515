using System.Globalization;
using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Tests.Models.Deployments;

/// <summary>What becomes of calls in many random histories: pools of two and four, any time to answer, whole and streamed answers, any strategy, and deployments that turn slow, hang or fail.</summary>
public sealed class LatencyHistoriesTests
{
    /// <summary>The longest that a deployment may be left, and the longest that it comes back for.</summary>
    private const double LongestReturn = 60 + 10;

    [Fact]
    public void Run_OneIsNotWellForAWhile_IsLeftWithinASecondAndComesBackWithoutAFlood()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var history = History.Draw(seed);
            var end = history.From + history.Lasts;
            var world = history.World((deployment, at) => deployment == history.Sick && at >= history.From && at < end ? history.Factor : 1);
            world.Run(end + LongestReturn + 15);
            Assert.True(world.Share(history.Sick, history.From + 1, end) < 0.1, $"{history}: it got {world.Share(history.Sick, history.From + 1, end):p0} of the calls while it was not well.");
            var back = Enumerable.Range(0, (int)LongestReturn).Cast<int?>().FirstOrDefault(after => world.Share(history.Sick, end + after!.Value, end + after.Value + 5) >= 0.6 / history.Size);
            Assert.True(back is not null, $"{history}: it did not get its share back.");
            Assert.True(world.Share(history.Sick, end + LongestReturn, end + LongestReturn + 15) > 0.8 / history.Size, $"{history}: it did not keep its share.");
            for (var second = (int)end + 1; second < end + LongestReturn; second++)
            {
                var most = world.MostInFlight[second];
                var others = most.Where((_, deployment) => deployment != history.Sick).Max();
                Assert.True(most[history.Sick] <= (2.5 * others) + 5, $"{history}: in second {second} it has {most[history.Sick]} calls in flight, and the others {others}.");
                if (history.Size > 2) Assert.True(world.Share(history.Sick, second, second + 1) < 2.0 / history.Size, $"{history}: it got {world.Share(history.Sick, second, second + 1):p0} of the calls of second {second}.");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Run_AllAreSlowForAWhile_NoneIsGivenUpAndNoCallIsLost(double spread)
    {
        for (var seed = 1; seed <= 16; seed++)
        {
            var history = History.Draw(seed, slow: true);
            var delays = history.Delays(spread);

            // The first to turn slow is slow beside the others. Adaptive sees by their silence that all are; the rest learns it with the answers.
            var least = history.Strategy == BalancingStrategy.Adaptive ? 0.2 : 0;
            var world = history.World((deployment, at) => at >= history.From + delays[deployment] && at < history.From + delays[deployment] + 20 ? history.Factor : 1);
            world.Run(history.From + 23 + LongestReturn + 15);
            Assert.DoesNotContain(world.Calls, call => call.Failed);
            Assert.All(Enumerable.Range(0, history.Size), deployment => Assert.True(world.Share(deployment, history.From + 5, history.From + 20) >= least / history.Size, $"{history}: {deployment} got {world.Share(deployment, history.From + 5, history.From + 20):p0} of the calls."));
            Assert.All(Enumerable.Range(0, history.Size), deployment => Assert.True(world.Share(deployment, history.From + 23 + LongestReturn, history.From + 23 + LongestReturn + 15) > 0.5 / history.Size, $"{history}: {deployment} got {world.Share(deployment, history.From + 23 + LongestReturn, history.From + 23 + LongestReturn + 15):p0} of the calls long after."));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Run_NoneIsWellForAWhile_AllAnswerSoonAfterAndNoneIsLeftForLong(double factor)
    {
        for (var seed = 1; seed <= 16; seed++)
        {
            var history = History.Draw(seed, slow: true);
            var delays = history.Delays(3);
            var world = history.World((deployment, at) => at >= history.From + delays[deployment] && at < history.From + delays[deployment] + 20 ? factor : 1);
            var well = history.From + 23;
            world.Run(well + 60);
            Assert.True(world.Between(history.From + 4, history.From + 19).All(call => call.Failed), $"{history}: a call was answered while none was well.");
            Assert.True(!world.Between(well + 0.5, well + 60).Any(call => call.Failed), $"{history}: a call failed though all were well.");

            // They were left for as long as they were away, not for the longest time, which calls that were made to them all the same would lead to.
            Assert.All(Enumerable.Range(0, history.Size), deployment => Assert.True(world.Share(deployment, well + 35, well + 60) > 0.4 / history.Size, $"{history}: {deployment} got {world.Share(deployment, well + 35, well + 60):p0} of the calls long after."));
        }
    }

    private sealed record History(int Seed, int Size, BalancingStrategy Strategy, double Takes, double Rate, double Streams, double From, double Lasts, double Factor, int Sick)
    {
        public static History Draw(int seed, bool slow = false)
        {
            var random = new Random(seed);
            var size = random.Next(2) == 0 ? 4 : 2;
            var strategies = Enum.GetValues<BalancingStrategy>();
            var takes = 0.03 * Math.Pow(10, random.NextDouble());

            // What is within half a second, or three times the usual, is not slow.
            var factor = slow || random.Next(2) == 0 ? Math.Clamp(5 + (45 * random.NextDouble()), 0.8 / takes, 50)
                : random.Next(2) == 0 ? double.PositiveInfinity
                : -1;
            return new(seed, size, strategies[random.Next(strategies.Length)], takes, size * (15 + (35 * random.NextDouble())), random.Next(2) * 3 * random.NextDouble(), 5 + (5 * random.NextDouble()), 4 + (10 * random.NextDouble()), factor, random.Next(size));
        }

        public double[] Delays(double most)
        {
            var random = new Random(-Seed);
            return [.. Enumerable.Range(0, Size).Select(_ => most * random.NextDouble())];
        }

        public SimulatedPool World(Func<int, double, double> fares) => new(Seed, Strategy) { Size = Size, Takes = Takes, Rate = Rate, Streams = Streams, Fares = fares };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Seed {Seed} ({Strategy} over {Size}, {Rate:0} calls/s of {Takes * 1000:0} ms{(Streams > 0 ? $" streaming for {Streams:0.0} s" : "")}, from {From:0.0} s for {Lasts:0.0} s by {Factor:0.0})");
    }
}
