using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>POST chat/completions: the offline model's answer, at the pace that the options set.</summary>
internal sealed class ChatEndpoint(ProviderSimulatorOptions options, RequestPath path, OfflineChatClient model, TimeProvider time)
{
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
        if (!TryReadMessages(request.Messages, out var messages, out var error)) { await path.RejectAsync(http, error, "messages"); return; }
        var longest = request.MaxCompletionTokens ?? request.MaxTokens;
        if (longest < 1) { await path.RejectAsync(http, $"'max_completion_tokens' is {longest}. It must be at least 1.", "max_completion_tokens"); return; }

        var promptTokens = messages.Sum(message => TokenEstimate.Count(message.Text) + 4);
        await path.RunAsync(http, name, new Admission(promptTokens, longest ?? 0), request.Stream == true, async fate =>
        {
            await path.WaitAsync(fate.FirstToken, http.RequestAborted);
            var reply = await model.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = longest }, http.RequestAborted);
            var answer = new Answer(name, reply.Text, reply.FinishReason?.Value ?? "stop", new(promptTokens, TokenEstimate.Count(reply.Text), promptTokens + TokenEstimate.Count(reply.Text)));
            if (request.Stream == true) await StreamAsync(http, answer, request.StreamOptions?.IncludeUsage == true);
            else await WholeAsync(http, answer);
            return answer.Usage.CompletionTokens ?? 0;
        });
    }

    private async Task WholeAsync(HttpContext http, Answer answer)
    {
        await path.WaitAsync(TimeSpan.FromMilliseconds(options.MillisecondsPerToken * (answer.Usage.CompletionTokens ?? 0)), http.RequestAborted);
        var choice = new ChatReplyChoice(0, new ChatReplyMessage("assistant", answer.Text), Delta: null, answer.FinishReason);
        await ProviderReplies.WriteAsync(http, Reply(http, answer, "chat.completion", [choice], answer.Usage), ProviderJsonContext.Default.ChatReply);
    }

    private async Task StreamAsync(HttpContext http, Answer answer, bool withUsage)
    {
        http.Response.ContentType = "text/event-stream";
        await SendAsync(new ChatReplyMessage("assistant", ""), finish: null);
        foreach (var word in Words(answer.Text))
        {
            await path.WaitAsync(TimeSpan.FromMilliseconds(options.MillisecondsPerToken * TokenEstimate.Count(word)), http.RequestAborted);
            await SendAsync(new ChatReplyMessage(Role: null, word), finish: null);
        }

        await SendAsync(new ChatReplyMessage(Role: null, Content: null), answer.FinishReason);
        if (withUsage) await WriteEventAsync(Reply(http, answer, "chat.completion.chunk", [], answer.Usage));
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);

        Task SendAsync(ChatReplyMessage delta, string? finish) => WriteEventAsync(Reply(http, answer, "chat.completion.chunk", [new ChatReplyChoice(0, Message: null, delta, finish)], usage: null));

        async Task WriteEventAsync(ChatReply reply)
        {
            await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(reply, ProviderJsonContext.Default.ChatReply)}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private ChatReply Reply(HttpContext http, Answer answer, string kind, IReadOnlyList<ChatReplyChoice> choices, TokenUsage? usage) =>
        new($"chatcmpl-{http.TraceIdentifier}", kind, time.GetUtcNow().ToUnixTimeSeconds(), answer.Model, choices, usage, "fp_simulated");

    private static bool TryReadMessages(IReadOnlyList<ChatRequestMessage> sent, out List<ChatMessage> messages, out string error)
    {
        messages = [];
        error = "";
        foreach (var message in sent)
        {
            ChatRole? role = message.Role switch
            {
                "system" or "developer" => ChatRole.System,
                "user" or "tool" => ChatRole.User,
                "assistant" => ChatRole.Assistant,
                _ => null,
            };
            if (role is not { } known)
            {
                error = $"'{message.Role}' is no role. Use system, developer, user, assistant or tool.";
                return false;
            }

            messages.Add(new ChatMessage(known, TextOf(message.Content)));
        }

        return true;
    }

    private static string TextOf(JsonElement? content)
    {
        if (content is { ValueKind: JsonValueKind.String } text) return text.GetString()!;
        if (content is not { ValueKind: JsonValueKind.Array } parts) return "";
        var joined = new StringBuilder();
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text", out var piece) || piece.ValueKind != JsonValueKind.String) continue;
            if (joined.Length > 0) joined.Append("\n\n");
            joined.Append(piece.GetString());
        }

        return joined.ToString();
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var space = text.IndexOf(' ', start);
            var end = space < 0 ? text.Length : space + 1;
            yield return text[start..end];
            start = end;
        }
    }

    private sealed record Answer(string Model, string Text, string FinishReason, TokenUsage Usage);
}
