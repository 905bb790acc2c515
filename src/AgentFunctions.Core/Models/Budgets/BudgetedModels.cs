using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Models.Budgets;

/// <summary>Puts a host's budgets over its models, under the cache: a kept answer costs nothing.</summary>
public static class BudgetedModels
{
    /// <summary>The decorator of a catalog's models; none where the host has no budgets.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedModel, IChatClient> OverChats(IServiceProvider host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var ledger = host.GetService<BudgetLedger>();
        return model => ledger is null ? model.Client : new BudgetedChatClient(model.Client, ledger, model.Price);
    }

    /// <summary>The decorator of a catalog's embedding models; none where the host has no budgets.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var ledger = host.GetService<BudgetLedger>();
        return model => ledger is null ? model.Generator : new BudgetedEmbeddingGenerator(model.Generator, ledger, model.Price);
    }

    /// <summary>The run that a call is for, as its options say; null where they do not.</summary>
    internal static string? RunOf(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(ModelProperties.Run) as string;

    /// <summary>The budget that the run was started with, as a call's options say; null where they do not.</summary>
    internal static BudgetLimit? OwnOf(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(ModelProperties.Budget) as BudgetLimit;

    /// <summary>A cost as budgets count it.</summary>
    internal static BudgetAmount AmountOf(Cost cost) => new(cost.Usd, cost.InputTokens + cost.OutputTokens);

    /// <summary>Ends the reservation of a call that failed: with nothing where it was refused or never sent, and as it was thought to be where it may have been paid for.</summary>
    internal static void Failed(BudgetReservation reservation, Exception error) =>
        reservation.Settle(error is ThrottledException or PermanentFailureException or ModelUnavailableException { WasNeverSent: true } ? BudgetAmount.Zero : null);
}
