using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>
/// Calls a model by a name that may stand for several: chooses one where the name is <c>auto</c>, asks a higher tier where an answer does not pass the check under
/// <see cref="ModelProperties.Accept"/>, and another model where one refuses or fails. The models that it calls have their own caches, budgets and limits. An answer says its
/// way under <see cref="ModelProperties.Route"/>, and what all of it cost under <see cref="ModelProperties.Cost"/>. A name that stands for one model is called as if this were not here.
/// </summary>
internal sealed class RoutedChatClient(string name, ModelRouter router, IChatClient first) : IChatClient
{
    /// <summary>Asks until a model answers as it should.</summary>
    /// <inheritdoc/>
    /// <exception cref="AnswerRejectedException">No answer passed the check, and one must.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (IsDirect(options)) return await first.GetResponseAsync(messages, options, cancellationToken);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var call = await router.BeginAsync(name, list, options, cancellationToken);
        RoutedAnswer? answer = null;
        while (answer is null)
        {
            try
            {
                answer = call.Answered(list, await call.Model.Client.GetResponseAsync(list, call.OptionsOf(options), cancellationToken));
            }
            catch (Exception error) when (RoutedCall.MayFallBack(error))
            {
                if (await call.FailedAsync(error, cancellationToken)) continue;
                if (call.Best is not { } best) throw;
                answer = best;
            }
        }

        answer.Response.AdditionalProperties = call.PropertiesOf(answer);
        return answer.Response;
    }

    /// <summary>Hands an answer on as it comes. Another model is asked only before the first piece has come; an answer that is to be checked comes when it has been.</summary>
    /// <inheritdoc/>
    /// <exception cref="AnswerRejectedException">No answer passed the check, and one must.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (IsDirect(options))
        {
            await foreach (var update in first.GetStreamingResponseAsync(messages, options, cancellationToken)) yield return update;
            yield break;
        }

        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var call = await router.BeginAsync(name, list, options, cancellationToken);
        RoutedAnswer? answer = null;
        while (answer is null)
        {
            List<ChatResponseUpdate> updates = [];
            var (isFlowing, hasFailed) = (false, false);
            await using var stream = call.Model.Client.GetStreamingResponseAsync(list, call.OptionsOf(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await stream.MoveNextAsync()) break;
                }
                catch (Exception error) when (!isFlowing && RoutedCall.MayFallBack(error))
                {
                    if (!await call.FailedAsync(error, cancellationToken) && (answer = call.Best) is null) throw;
                    hasFailed = true;
                    break;
                }

                updates.Add(stream.Current);
                if (isFlowing)
                {
                    yield return stream.Current;
                }
                else if (Flows(stream.Current, call.IsChecked))
                {
                    isFlowing = true;
                    foreach (var held in updates) yield return held;
                }
            }

            if (!hasFailed) answer = call.Answered(list, updates.ToChatResponse(), updates);
            if (answer is null || isFlowing) continue;
            foreach (var held in answer.Updates!) yield return held;
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = answer.Response.ModelId, AdditionalProperties = call.PropertiesOf(answer) };
    }

    /// <summary>What the model says that is asked first.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Handed on.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : first.GetService(serviceType, serviceKey);
    }

    /// <summary>Nothing: the catalog's clients stay.</summary>
    public void Dispose()
    {
    }

    /// <summary>Whether an update ends the time in which another model may be asked: it says something that is not checked.</summary>
    private static bool Flows(ChatResponseUpdate update, bool isChecked) => update.Contents.Any(content => content is FunctionCallContent || (!isChecked && content is not UsageContent and not TextContent { Text.Length: 0 }));

    private bool IsDirect(ChatOptions? options) => router.IsDirect(name) && options?.AdditionalProperties?.ContainsKey(ModelProperties.Accept) != true;
}
