using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Slices from <see cref="BudgetEntity"/>, as a worker can get them: it sends the operation, and reads its answer from the entity's state.</summary>
/// <param name="runs">The engine's client.</param>
/// <param name="time">The clock of the pauses between reads.</param>
public sealed class EntityBudgetSource(Func<IRunClient> runs, TimeProvider time) : IBudgetSource
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async Task<BudgetStanding> AskAsync(BudgetAccountId account, BudgetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var client = runs();
        var id = EntityReferences.Budget(account);
        await client.SignalEntityAsync(id, BudgetEntity.Lease, request, cancellationToken);
        var state = await UntilAsync(client, id, time, state => state.LeaseOf(request.Holder)?.Number >= request.Number, cancellationToken);
        var current = state.Current;
        var now = time.GetUtcNow();
        return new BudgetStanding(state.LeaseOf(request.Holder)!, state.InForce() ?? new BudgetLimit(), current.Period, BudgetPeriods.EndAt(account.Period, now), current.Spent(now));
    }

    /// <inheritdoc/>
    public async Task<BudgetLimit?> OwnLimitAsync(string instanceId, CancellationToken cancellationToken) =>
        (await runs().GetEntityStateAsync<BudgetLedgerState>(EntityReferences.Budget(BudgetAccountId.OfRun(instanceId)), cancellationToken))?.Own;

    /// <summary>Reads a budget until it is as it is to be.</summary>
    /// <exception cref="TimeoutException">It did not become so in time.</exception>
    internal static async Task<BudgetLedgerState> UntilAsync(IRunClient client, EntityId id, TimeProvider time, Func<BudgetLedgerState, bool> isDone, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var pause = First; time.GetElapsedTime(began) < Patience; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            if (await client.GetEntityStateAsync<BudgetLedgerState>(id, cancellationToken) is { } state && isDone(state)) return state;
            await Task.Delay(pause, time, cancellationToken);
        }

        throw new TimeoutException($"The budget '{id.Key}' did not answer within {Patience}. Look at the task hub: its entity '{id}' is not being served.");
    }
}
