using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentFunctions.Core.Caching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>
/// Keeps a model's answers, for calls whose options carry a <see cref="ModelCacheScope"/>. An answer from the cache says so under <see cref="ModelProperties.CacheNote"/>
/// and reports no usage. Not kept is what would not do again: an answer that is empty, cut off, filtered or can't be read; and what was sampled on purpose (a temperature
/// above 0), unless the scope says which sample it is. It is the outermost decorator of a model, so that what lies under it is asked for real calls only.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="cache">Where answers are kept.</param>
/// <param name="price">What the model costs: what a kept answer saves.</param>
public sealed class CachingChatClient(IChatClient inner, ICallCache cache, ModelPrice price) : DelegatingChatClient(inner)
{
    private readonly string? provider = inner.GetService<ChatClientMetadata>() is { } metadata ? metadata.ProviderUri?.AbsoluteUri ?? metadata.ProviderName : null;

    /// <summary>A kept answer, or else the model's.</summary>
    /// <inheritdoc/>
    /// <exception cref="CacheMissException">Only a kept answer was asked for, and there is none.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (RequestOf(list, options) is not { } request) return await InnerClient.GetResponseAsync(list, options, cancellationToken);
        ChatResponse? own = null;
        var result = await cache.GetOrMakeAsync(
            request,
            ModelCacheJsonContext.Default.KeptAnswer,
            async token =>
            {
                own = await InnerClient.GetResponseAsync(list, options, token);
                return FillOf(list, own);
            },
            cancellationToken);

        // What was made for this call goes through as it is; with a note it may be another answer than the one that is being made anew.
        return result.Note is null && own is not null ? own : result.Value.ToResponse(result.Note);
    }

    /// <summary>A kept answer as a stream, or else the model's as it comes, which is kept once it is complete.</summary>
    /// <inheritdoc/>
    /// <exception cref="CacheMissException">Only a kept answer was asked for, and there is none.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        if (RequestOf(list, options) is not { } request)
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(list, options, cancellationToken)) yield return update;
            yield break;
        }

        var flow = Channel.CreateUnbounded<ChatResponseUpdate>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = cache.GetOrMakeAsync(request, ModelCacheJsonContext.Default.KeptAnswer, token => StreamAsync(list, options, flow.Writer, token), stop.Token);
        try
        {
            // What comes first goes: the whole answer of the cache or of another's call, or the first word of the model. From then on it is that answer and no other.
            var flowing = flow.Reader.WaitToReadAsync(stop.Token).AsTask();
            await Task.WhenAny(asking, flowing);
            if (flowing is { IsCompletedSuccessfully: true } && !(asking.IsCompletedSuccessfully && (await asking).Note is not null))
            {
                await foreach (var update in flow.Reader.ReadAllAsync(cancellationToken)) yield return update;
                await asking;
            }
            else
            {
                var result = await asking;
                foreach (var update in result.Value.ToUpdates(result.Note)) yield return update;
            }
        }
        finally
        {
            // Whoever stops reading gives the call up; it ends where nobody else waits for it.
            if (!asking.IsCompleted) await stop.CancelAsync();
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<CacheFill<KeptAnswer>> StreamAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, ChannelWriter<ChatResponseUpdate> flow, CancellationToken cancellationToken)
    {
        try
        {
            List<ChatResponseUpdate> updates = [];
            await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                updates.Add(update);
                flow.TryWrite(update);
            }

            flow.TryComplete();
            return FillOf(messages, updates.ToChatResponse());
        }
        catch (Exception error)
        {
            flow.TryComplete(error);
            throw;
        }
    }

    private CacheRequest? RequestOf(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.CacheScope) is not ModelCacheScope scope || scope.Settings.Mode == CacheMode.Off) return null;
        var maker = options.ModelId ?? InnerClient.GetService<ChatClientMetadata>()?.DefaultModelId ?? "";
        var isSampled = options.Temperature > 0 && scope.Sample is null;
        if (isSampled || CanonicalPrompt.Write(messages, options, scope.Sample) is not { } input)
        {
            return scope.Settings.Mode != CacheMode.Only ? null : throw new CacheMissException($"Only a kept answer of '{maker}' was asked for, and {(isSampled ? $"at temperature {options.Temperature} none is kept. Leave the temperature out" : "of such a prompt none is kept. Ask with another mode")}.");
        }

        var question = scope.Question is { } text && CanonicalPrompt.ScopeOf(messages, options, scope.Sample, text, $"{provider}\n{maker}\n{scope.Settings.PromptVersion}") is { } rest ? new CacheQuestion(text, rest) : null;
        return new CacheRequest { Kind = scope.Kind, Tenant = scope.Tenant, Maker = maker, MakerVersion = provider, Input = input, Settings = scope.Settings, Question = question };
    }

    private CacheFill<KeptAnswer> FillOf(IReadOnlyList<ChatMessage> messages, ChatResponse response)
    {
        var kept = KeptAnswer.Of(response);
        var cost = ModelCost.Of(ModelCost.Both(response.Usage), messages, kept.Text, kept.Calls.Select(call => (call.Tool, call.Arguments?.GetRawText() ?? call.Malformed)), price);
        return new(kept, cost, KeptAnswer.IsWorthKeeping(response));
    }
}
