using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Tests.Resilience;

/// <summary>What four workers together do to something that breaks. A failure names its seed.</summary>
public sealed class SimulatedCircuitsTests
{
    private const int Seeds = 25;
    private const int Workers = 4;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public SimulatedCircuitsTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Fact]
    public void Run_Healthy_NothingIsEverTold() => ForSeeds(0, (world, seed) =>
    {
        world.Run(60 * Second);
        Assert.True(world.Told == 0 && world.Made.Count > 900 && world.Made.TrueForAll(call => !call.IsProbe), $"Seed {seed}: {world.Told} told, {world.Made.Count} calls.");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Run_Breaks_AllLearnOfItSoonAndOneProbesAtATime(int skew) => ForSeeds(skew, (world, seed) =>
    {
        world.Run(10 * Second);
        world.IsBroken = true;
        world.Run(10 * Second, () => world.State.IsOpen);
        var opened = world.Elapsed;
        Assert.True(world.State.IsOpen, $"Seed {seed}: not open after {opened}.");

        // A look every 2 s, and a read of at most 200 ms.
        world.Run(2.5 * Second);
        var learned = world.Elapsed;
        Assert.True(world.Phases.All(phase => phase != CircuitPhase.Closed), $"Seed {seed}: {string.Join(", ", world.Phases)} at {learned}.");

        // Breaks of 5, 10, 20, 40 and 80 s, less a quarter at most, and differing by what clocks do. Unguarded these are 2,400 calls.
        world.Run(120 * Second);
        var probes = world.CallsSince(learned);
        Assert.True(probes is >= 3 and <= 12, $"Seed {seed}: {probes} calls in two minutes of being broken.");
        Assert.True(world.Made.Where(call => call.At >= learned).All(call => call.IsProbe), $"Seed {seed}: a call that was no probe.");
        Assert.True(world.MostProbes == 1, $"Seed {seed}: {world.MostProbes} probes at once.");

        // Transitions and questions, and nothing for each call.
        Assert.True(world.Told <= 80, $"Seed {seed}: {world.Told} told.");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Run_IsMended_AllCallItAgain(int skew) => ForSeeds(skew, (world, seed) =>
    {
        world.Run(10 * Second);
        world.IsBroken = true;
        world.Run(40 * Second);
        world.IsBroken = false;
        world.Run(60 * Second, () => !world.State.IsOpen);
        Assert.False(world.State.IsOpen, $"Seed {seed}: still open at {world.Elapsed}.");
        world.Run(3 * Second);
        Assert.True(world.Phases.All(phase => phase == CircuitPhase.Closed), $"Seed {seed}: {string.Join(", ", world.Phases)}.");
        var (from, told) = (world.Elapsed, world.Told);
        world.Run(60 * Second);
        Assert.True(world.CallsSince(from) > 900 && world.Told == told && !world.State.IsOpen, $"Seed {seed}: {world.CallsSince(from)} calls, {world.Told - told} told.");
    });

    [Fact]
    public void Run_ProbersDie_OthersProbeInTheirPlace() => ForSeeds(3, (world, seed) =>
    {
        world.IsBroken = true;
        world.Run(10 * Second);
        for (var deaths = 0; deaths < 3; deaths++)
        {
            world.Run(120 * Second, () => world.AProbeRuns);
            Assert.True(world.AProbeRuns, $"Seed {seed}: no probe after {deaths} deaths, at {world.Elapsed}.");
            world.Kill();
        }

        world.IsBroken = false;
        world.Run(180 * Second, () => !world.State.IsOpen);
        Assert.False(world.State.IsOpen, $"Seed {seed}: still open at {world.Elapsed}.");
    });

    [Fact]
    public void Run_WorkersComeAndGo_NewOnesKnowBeforeTheyCall() => ForSeeds(3, (world, seed) =>
    {
        world.IsBroken = true;
        world.Run(15 * Second);
        var from = world.Elapsed;
        for (var i = 0; i < 20; i++)
        {
            world.Kill();
            world.Run(3 * Second);
        }

        // Twenty workers that had to find out by themselves would make a hundred calls.
        Assert.True(world.CallsSince(from) <= 15, $"Seed {seed}: {world.CallsSince(from)} calls.");
        Assert.True(world.Made.Where(call => call.At >= from).All(call => call.IsProbe), $"Seed {seed}: a call that was no probe.");
    });

    [Fact]
    public void Run_TheStoreIsAwayForAWhile_EachGoesOnByItselfAndTheyFindTogetherAgain() => ForSeeds(3, (world, seed) =>
    {
        world.Run(5 * Second);
        world.HasStore = false;
        world.IsBroken = true;
        world.Run(30 * Second);
        Assert.True(world.Phases.All(phase => phase != CircuitPhase.Closed), $"Seed {seed}: {string.Join(", ", world.Phases)}.");
        var alone = world.Made.Count(call => call.At > TimeSpan.FromSeconds(15));
        Assert.True(alone <= Workers * 6, $"Seed {seed}: {alone} calls by {Workers} workers on their own.");
        world.HasStore = true;
        world.Run(30 * Second);
        Assert.True(world.State.IsOpen, $"Seed {seed}: what was told again did not arrive.");
        world.IsBroken = false;
        world.Run(120 * Second);
        Assert.True(!world.State.IsOpen && world.Phases.All(phase => phase == CircuitPhase.Closed), $"Seed {seed}: {string.Join(", ", world.Phases)}.");
    });

    private static void ForSeeds(int skewSeconds, Action<SimulatedCircuits, int> check)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            using var world = new SimulatedCircuits(seed, Workers, TimeSpan.FromSeconds(skewSeconds));
            check(world, seed);
        }
    }
}
