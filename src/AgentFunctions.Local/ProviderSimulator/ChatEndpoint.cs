using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>POST chat/completions: an answer, at the pace that the options set.</summary>
internal sealed class ChatEndpoint(ProviderSimulatorOptions options, RequestPath path, OfflineChatClient model, TimeProvider time)
{
    private const int MostTokens = 1_000_000;
    private readonly ChatAnswers answers = new(options, model);
    private readonly ReadPrefixes prefixes = new();

    /// <summary>Serves a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="deployment">The deployment in an Azure-style path; it goes before the body's model.</param>
    public async Task HandleAsync(HttpContext http, string? deployment)
    {
        var request = await path.ReadAsync(http, ProviderJsonContext.Default.ChatRequest);
        if (request is null) return;
        var name = deployment ?? request.Model;
        if (string.IsNullOrEmpty(name)) { await path.RejectAsync(http, "you must provide a model parameter", "model"); return; }
        if (request.Messages is not { Count: > 0 }) { await path.RejectAsync(http, "'messages' must have at least one message.", "messages"); return; }
        var longest = request.MaxCompletionTokens ?? request.MaxTokens;
        if (longest is < 1 or > MostTokens) { await path.RejectAsync(http, $"'max_completion_tokens' is {longest}. It must be between 1 and {MostTokens}.", "max_completion_tokens"); return; }
        if (await ReadAsync(http, "messages", () => ChatConversation.Read(request.Messages)) is not { } conversation) return;
        if (await ReadAsync(http, "tools", () => request.Functions.Select(tool => tool.Name).ToArray()) is not { } tools) return;
        if (await ReadAsync(http, "tool_choice", () => new[] { ToolChoice.Read(request.ToolChoice, tools) }) is not [var choice]) return;

        var promptTokens = conversation.Messages.Sum(message => TokenEstimate.Count(message.Text) + 4);
        await path.RunAsync(http, name, new Admission(promptTokens, longest ?? 0), request.Stream == true, async fate =>
        {
            await path.WaitAsync(fate.FirstToken, http.RequestAborted);
            var cached = Math.Min(prefixes.Read(request, name), promptTokens);
            path.CountPrefix(cached, request.PromptCacheKey);
            var answer = (await answers.AnswerAsync(request, name, conversation, choice, longest, promptTokens, http.RequestAborted)) with { CachedTokens = cached };
            if (request.Stream == true) await new ChatStream(http, path, options.For(name), (choices, usage) => Reply(http, name, "chat.completion.chunk", choices, usage)).SendAsync(answer, request.StreamOptions?.IncludeUsage == true, fate.CutAfter);
            else await WholeAsync(http, answer, options.For(name).MillisecondsPerToken);
            return answer.Usage.CompletionTokens ?? 0;
        });
    }

    private async Task WholeAsync(HttpContext http, ChatAnswer answer, double millisecondsPerToken)
    {
        await path.WaitAsync(TimeSpan.FromMilliseconds(millisecondsPerToken * (answer.Usage.CompletionTokens ?? 0)), http.RequestAborted);
        var message = new ChatReplyMessage("assistant", answer.Calls.Count > 0 && answer.Text.Length == 0 ? null : answer.Text) { ToolCalls = answer.Calls.Count > 0 ? answer.Calls : null };
        await ProviderReplies.WriteAsync(http, Reply(http, answer.Model, "chat.completion", [new ChatReplyChoice(0, message, Delta: null, answer.FinishReason)], answer.Usage), ProviderJsonContext.Default.ChatReply);
    }

    private ChatReply Reply(HttpContext http, string model, string kind, IReadOnlyList<ChatReplyChoice> choices, TokenUsage? usage) =>
        new($"chatcmpl-{http.TraceIdentifier}", kind, time.GetUtcNow().ToUnixTimeSeconds(), model, choices, usage, "fp_simulated");

    private async Task<T?> ReadAsync<T>(HttpContext http, string parameter, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            await path.RejectAsync(http, exception.Message, parameter);
            return null;
        }
    }
}
