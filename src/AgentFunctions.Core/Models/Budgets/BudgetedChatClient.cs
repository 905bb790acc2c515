using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Budgets;

/// <summary>
/// Makes a call only where the budgets of the run under <see cref="ModelProperties.Run"/>, of its tenant and of all have room for it. A call is thought to cost its prompt and as much as
/// it may answer with, or, where it does not say, as its calls answered with lately; what it did cost is settled when it ends. A call that runs is never cut.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="ledger">The worker's budgets.</param>
/// <param name="price">What the model costs.</param>
public sealed class BudgetedChatClient(IChatClient inner, BudgetLedger ledger, ModelPrice price) : DelegatingChatClient(inner)
{
    private readonly AnswerLength answers = new();

    /// <summary>Calls the model, where there is a budget for it.</summary>
    /// <inheritdoc/>
    /// <exception cref="BudgetExceededException">A budget has no room for the call. Nothing was sent.</exception>
    /// <exception cref="ThrottledException">What is left is reserved by calls that run, or a budget does not answer; or the provider refuses for now.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (ledger.IsIdle) return await InnerClient.GetResponseAsync(messages, options, cancellationToken);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var reservation = await ReserveAsync(list, options, cancellationToken);
        try
        {
            var response = await InnerClient.GetResponseAsync(list, options, cancellationToken);
            Settle(reservation, list, response);
            return response;
        }
        catch (Exception error)
        {
            BudgetedModels.Failed(reservation, error);
            throw;
        }
    }

    /// <summary>Calls the model, where there is a budget for it, and hands its answer on as it comes, to its end.</summary>
    /// <inheritdoc/>
    /// <exception cref="BudgetExceededException">A budget has no room for the call. Nothing was sent.</exception>
    /// <exception cref="ThrottledException">What is left is reserved by calls that run, or a budget does not answer; or the provider refuses for now.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var reservation = await ReserveAsync(list, options, cancellationToken);
        if (reservation == BudgetReservation.None)
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(list, options, cancellationToken)) yield return update;
            yield break;
        }

        List<ChatResponseUpdate> updates = [];
        try
        {
            await using var answer = InnerClient.GetStreamingResponseAsync(list, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await answer.MoveNextAsync()) break;
                }
                catch (Exception error) when (updates.Count == 0)
                {
                    BudgetedModels.Failed(reservation, error);
                    throw;
                }

                updates.Add(answer.Current);
                yield return answer.Current;
            }

            Settle(reservation, list, updates.ToChatResponse());
        }
        finally
        {
            // An answer that breaks off, or that nobody reads to its end, has been paid for: as it was thought to be.
            reservation.Settle();
        }
    }

    private ValueTask<BudgetReservation> ReserveAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (ledger.IsIdle) return ValueTask.FromResult(BudgetReservation.None);
        var prompt = ChatTranscript.Tokens(messages, options);
        var answer = options?.MaxOutputTokens ?? (long)Math.Ceiling(answers.Expected);
        return ledger.ReserveAsync(BudgetedModels.RunOf(options?.AdditionalProperties), BudgetedModels.OwnOf(options?.AdditionalProperties), new BudgetAmount(price.Of(prompt, answer), prompt + answer), cancellationToken);
    }

    private void Settle(BudgetReservation reservation, IReadOnlyList<ChatMessage> messages, ChatResponse response)
    {
        if (reservation == BudgetReservation.None) return;
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => (call.Name, (string?)JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions)));
        var cost = ModelCost.Of(ModelCost.Both(response.Usage), messages, response.Text, calls, price);
        answers.Note(cost.OutputTokens);
        reservation.Settle(BudgetedModels.AmountOf(cost));
    }
}
