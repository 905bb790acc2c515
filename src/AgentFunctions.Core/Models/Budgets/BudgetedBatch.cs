using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Models.Budgets;

/// <summary>
/// A batch of the provider under the budgets of its run, its tenant and all. It runs for hours, and may outlive the worker that sent it, so nothing can stay reserved for it: there must be room
/// for all that it may cost when it is sent; then its prompts and answers of the usual length are counted at once, and what it cost beyond them when its answers are read.
/// </summary>
/// <param name="budgets">The worker's budgets; null where the host has none.</param>
/// <param name="context">Whose batch it is.</param>
internal sealed class BudgetedBatch(BudgetLedger? budgets, ActivityContext context)
{
    /// <summary>Sends it, where there is room for it.</summary>
    /// <param name="prompt">The tokens of its prompts.</param>
    /// <param name="answers">How many answers it asks for.</param>
    /// <param name="longestAnswer">The longest answer that it allows, in tokens; null where it does not say.</param>
    /// <param name="price">What a token costs in a batch.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">Gives up the wait for room.</param>
    /// <returns>What it gave, and what has been counted; null where there are no budgets.</returns>
    /// <exception cref="BudgetExceededException">A budget has no room for it. Nothing was sent.</exception>
    /// <exception cref="BudgetBusyException">What is left is reserved by calls that run, or a budget does not answer. Nothing was sent.</exception>
    public async Task<(T Sent, BudgetAmount? Counted)> SendAsync<T>(long prompt, int answers, int? longestAnswer, Func<long, long, decimal> price, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        if (budgets is null) return (await send(), null);
        var most = Of(longestAnswer ?? AnswerLength.FirstGuess);
        var reservation = await budgets.ReserveAsync(context.InstanceId, context.Budget, most, cancellationToken);
        try
        {
            var sent = await send();
            var counted = Of(Math.Min(longestAnswer ?? AnswerLength.FirstGuess, AnswerLength.FirstGuess));
            reservation.Settle(counted);
            return (sent, counted);
        }
        catch
        {
            // Should it be there all the same, the next attempt finds it, and all of it is counted when it is read.
            reservation.Settle(BudgetAmount.Zero);
            throw;
        }

        BudgetAmount Of(long answer) => new(price(prompt, answer * answers), prompt + (answer * answers));
    }

    /// <summary>Counts what it cost beyond what was counted when it was sent.</summary>
    /// <param name="cost">What it cost.</param>
    /// <param name="counted">What was counted; null for nothing.</param>
    public void Read(Cost cost, BudgetAmount? counted) =>
        budgets?.Spend(context.InstanceId, context.Budget, BudgetAmount.Max(BudgetAmount.Zero, BudgetedModels.AmountOf(cost) - (counted ?? BudgetAmount.Zero)));
}
