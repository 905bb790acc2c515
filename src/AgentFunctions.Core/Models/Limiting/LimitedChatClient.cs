using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Conversations;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Limiting;

/// <summary>
/// Lets a deployment's calls start as its limits allow, by the lane under <see cref="ModelProperties.Priority"/>. A call is thought to use its prompt's tokens and as
/// many as it may answer with, or, where it does not say, as its calls answered with lately; what it did use, as providers count it, is settled afterwards. A refusal of the provider is told to
/// all workers and thrown on. It stands around the deployment's own client, under the cache: a kept answer needs no leave.
/// </summary>
/// <param name="inner">The deployment's client.</param>
/// <param name="limiter">Its limiter.</param>
public sealed class LimitedChatClient(IChatClient inner, DeploymentLimiter limiter) : DelegatingChatClient(inner)
{
    private readonly AnswerLength answers = new();

    /// <summary>Calls the model when it is the call's turn.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that its lane may wait, or the provider refuses for now.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var prompt = ChatTranscript.Tokens(list, options);
        var permit = await AcquireAsync(prompt, options, cancellationToken);
        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(list, options, cancellationToken);
        }
        catch (Exception error)
        {
            LimitedModels.Failed(permit, error);
            throw;
        }

        Settle(permit, prompt, options, response.Usage, () => ChatTranscript.Tokens(response.Messages));
        return response;
    }

    /// <summary>Calls the model when it is the call's turn, and hands its answer on as it comes.</summary>
    /// <inheritdoc/>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that its lane may wait, or the provider refuses for now.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var prompt = ChatTranscript.Tokens(list, options);
        var permit = await AcquireAsync(prompt, options, cancellationToken);
        UsageDetails? usage = null;
        List<ChatMessage> answer = [];
        await using var updates = InnerClient.GetStreamingResponseAsync(list, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) break;
            }
            catch (Exception error)
            {
                // Of an answer that breaks off the provider has counted what it sent, and more: it stays as it was thought to be.
                if (answer.Count == 0) LimitedModels.Failed(permit, error);
                throw;
            }

            var update = updates.Current;
            foreach (var content in update.Contents.OfType<UsageContent>()) (usage ??= new()).Add(content.Details);
            answer.Add(new ChatMessage(ChatRole.Assistant, update.Contents));
            yield return update;
        }

        Settle(permit, prompt, options, usage, () => ChatTranscript.Tokens(answer));
    }

    private Task<Permit> AcquireAsync(double prompt, ChatOptions? options, CancellationToken cancellationToken) =>
        limiter.AcquireAsync(prompt + (options?.MaxOutputTokens ?? answers.Expected), LimitedModels.LaneOf(options?.AdditionalProperties), cancellationToken);

    private void Settle(Permit permit, double prompt, ChatOptions? options, UsageDetails? usage, Func<long> estimate)
    {
        var answered = usage?.OutputTokenCount ?? estimate();
        answers.Note(answered);

        // Providers count the longest answer that a call allows as used, however short it is (OpenAI, "Rate limits"; Azure OpenAI, "Manage quota").
        permit.Settle((usage?.InputTokenCount ?? prompt) + Math.Max(answered, options?.MaxOutputTokens ?? 0));
    }
}
