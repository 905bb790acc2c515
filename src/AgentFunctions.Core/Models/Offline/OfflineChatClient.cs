using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>
/// The built-in model that needs no network: it extracts, with plain text algorithms, and never writes a sentence of its own. It picks the
/// algorithm by <see cref="ModelProperties.Purpose"/>: sentence ranking (continuous LexRank, Erkan and Radev 2004, with the question's
/// terms and maximal marginal relevance, Carbonell and Goldstein 1998) to summarize, combine and answer; term overlap to classify; BM25
/// (Robertson and Zaragoza 2009) to rank; agreement and overlap to judge. Equal requests get equal answers, and every answer carries
/// <see cref="NoticeText"/>.
/// </summary>
/// <remarks>
/// The system message is the question or task; every text part of the other messages is a source, a candidate or a text to classify. A part
/// that starts with the line <c># Question</c>, <c># Query</c>, <c># Task</c> or <c># Prompt</c> belongs to the question. Rank answers with
/// the candidates' numbers, from 1, the best first (<c>3, 1, 2</c>); judge with the best one's number; classify with a label as it was given.
/// Where the tools <c>calculate</c> or <c>search-files</c> are offered, an arithmetic expression or "search for …" in the user's last message is
/// handed to them, once, and the answer is what they gave.
/// Usage is not reported, as there is no tokenizer: callers estimate it.
/// </remarks>
public sealed class OfflineChatClient : IChatClient
{
    /// <summary>The name it answers by.</summary>
    public const string ModelName = "offline-extractive";

    /// <summary>What every answer says of itself.</summary>
    public const string NoticeText = "answered by the built-in offline model: extractive, no language model";

    private static readonly ChatClientMetadata Metadata = new("offline", providerUri: null, ModelName);

    /// <summary>Answers at once.</summary>
    /// <param name="messages">The task as system message, the texts as user messages.</param>
    /// <param name="options">The purpose, and the longest answer in estimated tokens. Default: an answer as long as its purpose needs.</param>
    /// <param name="cancellationToken">Refuses before the work starts; the work itself takes milliseconds.</param>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<ChatResponse>(cancellationToken);
        var list = messages.ToList();
        if (OfflineToolUse.Calls(list, options) is { Count: > 0 } calls)
        {
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. calls])) { ModelId = ModelName, FinishReason = ChatFinishReason.ToolCalls, AdditionalProperties = Notice() });
        }

        var answer = Answer(list, options, cancellationToken);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer.Text))
        {
            ModelId = ModelName,
            FinishReason = Reason(answer),
            AdditionalProperties = Notice(),
        });
    }

    /// <summary>Answers word by word; the last update carries the finish reason.</summary>
    /// <param name="messages">The task as system message, the texts as user messages.</param>
    /// <param name="options">As for the answer in one piece.</param>
    /// <param name="cancellationToken">Stops between two words.</param>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var list = messages.ToList();
        var calls = OfflineToolUse.Calls(list, options);
        foreach (var call in calls) yield return new ChatResponseUpdate(ChatRole.Assistant, [call]) { ModelId = ModelName };
        if (calls.Count > 0)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = ModelName, FinishReason = ChatFinishReason.ToolCalls, AdditionalProperties = Notice() };
            yield break;
        }

        var answer = Answer(list, options, cancellationToken);
        foreach (var word in WordPieces(answer.Text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word) { ModelId = ModelName };
        }

        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = ModelName, FinishReason = Reason(answer), AdditionalProperties = Notice() };
    }

    /// <summary>This client, or what it says about itself.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Not used.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose()
    {
    }

    private static OfflineAnswer Answer(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        OfflineToolUse.Answer(messages) is { } told ? new(told) : OfflineRequest.From(messages, options).Answer(cancellationToken);

    private static ChatFinishReason Reason(OfflineAnswer answer) => answer.CutOff ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static AdditionalPropertiesDictionary Notice() => new() { [ModelProperties.Notice] = NoticeText };

    /// <summary>The text in pieces that end after their white space, so that they add up to the text.</summary>
    private static IEnumerable<string> WordPieces(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i - 1]) || char.IsWhiteSpace(text[i])) continue;
            yield return text[start..i];
            start = i;
        }

        if (start < text.Length) yield return text[start..];
    }
}
