using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Thousands of worlds in which everything goes wrong. A failure names its seed; <c>AGENTFUNCTIONS_SEED</c> runs that one alone.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 1400;

    [Fact]
    public void Mix_FaultsBySeed_KeepsEveryPromise()
    {
        var (restarts, executions) = (0, 0);
        foreach (var seed in SeedsToTry())
        {
            var world = Live(seed, WorldFaults.Draw(new Random(seed)));
            restarts += world.Restarts;
            executions += world.Executions;
        }

        Assert.True(restarts > 1, $"The worlds saw {restarts} restarts: they test nothing.");
        Assert.True(executions > 1);
    }

    [Fact]
    public void Live_SameSeedTwice_TakesTheSameCourse()
    {
        var first = Live(17, WorldFaults.Draw(new Random(17)));
        var second = Live(17, WorldFaults.Draw(new Random(17)));
        Assert.Equal((first.Restarts, first.Executions), (second.Restarts, second.Executions));
    }

    private static SimulatedWorld Live(int seed, WorldFaults faults)
    {
        var catalog = SimulationCatalog.Create();
        using var services = new ServiceCollection().BuildServiceProvider();
        var world = new SimulatedWorld(seed, catalog, services, faults, Enumerable.Range(1, 3).Select(SimulationCatalog.Run));
        foreach (var (id, outcome) in world.Live())
        {
            var number = int.Parse(id["mix-".Length..], System.Globalization.CultureInfo.InvariantCulture);
            var expected = 3 * (1 + 4 + 9 + 16 + (number * number) + 4);
            if (outcome.Status != RuntimeStatus.Completed || DurableJson.Read<MixResult>(outcome.Output!.Value, catalog.Json).Sum != expected)
            {
                throw new BrokenPromiseException(seed, $"the run '{id}' ended {outcome.Status} with {outcome.Output} {outcome.Failure}, not Completed with {expected}.");
            }
        }

        // Three runs, three rounds: each called the entity with 1 and signalled it with 10.
        var total = world.EntityState<TotalState>(SimulationCatalog.Total);
        return total is { Value: 3 * 3 * 11 } ? world : throw new BrokenPromiseException(seed, $"the entity's total is {total?.Value}, not 99: an operation was lost or applied twice.");
    }

    private static IEnumerable<int> SeedsToTry() => SimulationSeeds.OneOr(Seeds);
}
