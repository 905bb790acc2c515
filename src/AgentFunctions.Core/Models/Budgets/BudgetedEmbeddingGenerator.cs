using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Budgets;

/// <summary>Embeds texts only where the budgets of the run under <see cref="ModelProperties.Run"/>, of its tenant and of all have room for it.</summary>
/// <param name="inner">The model.</param>
/// <param name="ledger">The worker's budgets.</param>
/// <param name="price">What the model costs.</param>
public sealed class BudgetedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, BudgetLedger ledger, ModelPrice price) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>Embeds texts, where there is a budget for it.</summary>
    /// <inheritdoc/>
    /// <exception cref="BudgetExceededException">A budget has no room for the call. Nothing was sent.</exception>
    /// <exception cref="ThrottledException">What is left is reserved by calls that run, or a budget does not answer; or the provider refuses for now.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (ledger.IsIdle) return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
        string[] texts = [.. values];
        if (texts.Length == 0) return [];
        var tokens = texts.Sum(text => (long)TokenEstimate.Count(text));
        var reservation = await ledger.ReserveAsync(BudgetedModels.RunOf(options?.AdditionalProperties), BudgetedModels.OwnOf(options?.AdditionalProperties), AmountOf(tokens), cancellationToken);
        try
        {
            var vectors = await InnerGenerator.GenerateAsync(texts, options, cancellationToken);
            reservation.Settle(AmountOf(vectors.Usage?.InputTokenCount ?? vectors.Usage?.TotalTokenCount ?? tokens));
            return vectors;
        }
        catch (Exception error)
        {
            BudgetedModels.Failed(reservation, error);
            throw;
        }
    }

    private BudgetAmount AmountOf(long tokens) => new(price.Of(tokens, 0), tokens);
}
