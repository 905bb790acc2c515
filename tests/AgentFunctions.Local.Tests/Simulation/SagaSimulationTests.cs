using System.Text.Json;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>Sagas in worlds where everything goes wrong: the ledger shows either all steps or none, each change at most once.</summary>
public sealed class SagaSimulationTests
{
    private const int Seeds = 300;
    private static readonly string[] Accounts = ["a", "b", "c", "d"];

    [Fact]
    public void Saga_FaultsBySeed_TakesEffectWhollyOrNotAtAll()
    {
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        var (restarts, repeats, unknown) = (0, 0, 0);
        foreach (var seed in SimulationSeeds.OneOr(Seeds))
        {
            var dice = new Random(seed);
            var ledger = new LedgerTools(seed, dice.Next(2) == 0 ? [] : [Accounts[dice.Next(Accounts.Length)]]);
            var (output, world) = SimulatedPattern.Live(seed, "Saga", Input(), WorldFaults.Draw(dice) with { MostFailures = 3 }, ledger.AddTo);
            Check(seed, output, ledger);
            var outcome = output.GetProperty("outcome").GetString()!;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            restarts += world.Restarts;
            repeats += ledger.Repeats;
            unknown += output.GetProperty("steps").EnumerateArray().Count(step => step.GetProperty("status").GetString() == "Unknown");
        }

        if (!SimulatedPattern.IsManySeeds) return;
        Assert.True(restarts > Seeds / 2 && repeats > Seeds / 2 && unknown > Seeds / 50, $"{restarts} restarts, {repeats} repeats, {unknown} unknown steps: the worlds are too kind.");
        Assert.True(outcomes.GetValueOrDefault("Completed") > Seeds / 10 && outcomes.GetValueOrDefault("Compensated") > Seeds / 10, string.Join(", ", outcomes));
    }

    private static void Check(int seed, JsonElement output, LedgerTools ledger)
    {
        var isCompleted = output.GetProperty("outcome").GetString() switch
        {
            "Completed" => true,
            "Compensated" => false,
            var other => throw new BrokenPromiseException(seed, $"the saga ended {other}: {output}"),
        };
        foreach (var account in Accounts)
        {
            var balance = ledger.Balance.GetValueOrDefault(account);
            if (balance != (isCompleted ? 1 : 0)) throw new BrokenPromiseException(seed, $"the saga is {(isCompleted ? "" : "not ")}completed, and account {account} stands at {balance}: {output}");
        }

        if (ledger.Changes.Where(change => change.Value > 1).Select(change => change.Key).FirstOrDefault() is { } twice) throw new BrokenPromiseException(seed, $"'{twice}' took effect twice: {output}");
    }

    private static JsonElement Input() => JsonSerializer.SerializeToElement(new
    {
        steps = Accounts.Select(account => new
        {
            key = account,
            tool = "apply",
            arguments = new { account },
            retry = new { maxAttempts = 4, baseDelay = "00:00:01", maxDelay = "00:00:05" },
            compensation = new { tool = "revert", arguments = new { account }, safeIfUnknown = true },
        }),
        compensationRetry = new { maxAttempts = 50, baseDelay = "00:00:01", maxDelay = "00:00:30" },
        parkFor = "1.00:00:00",
    });
}
