using System.Text.Json;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Sends an answer as chunks: the text word by word, then each call's name and its arguments piece by piece, each piece after its tokens' time.</summary>
internal sealed class ChatStream(HttpContext http, RequestPath path, ProviderSimulatorOptions options, Func<IReadOnlyList<ChatReplyChoice>, TokenUsage?, ChatReply> reply)
{
    private const int PieceLength = 4;

    /// <summary>Sends it whole, or up to where the connection is to be cut; then the request is aborted.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="withUsage">Whether the last chunk has the usage.</param>
    /// <param name="cutAfter">The share of the answer's pieces after which the connection is cut, 0 to 1; null for never.</param>
    public async Task SendAsync(ChatAnswer answer, bool withUsage, double? cutAfter)
    {
        http.Response.ContentType = "text/event-stream";
        await SendAsync(new ChatReplyMessage("assistant", answer.Calls.Count > 0 && answer.Text.Length == 0 ? null : ""), finish: null);
        var pieces = Pieces(answer).ToList();
        var last = cutAfter is { } share ? (int)(pieces.Count * share) : pieces.Count;
        foreach (var (delta, text) in pieces.Take(last))
        {
            await path.WaitAsync(TimeSpan.FromMilliseconds(options.MillisecondsPerToken * TokenEstimate.Count(text)), http.RequestAborted);
            await SendAsync(delta, finish: null);
        }

        if (cutAfter is not null)
        {
            http.Abort();
            return;
        }

        await SendAsync(new ChatReplyMessage(Role: null, Content: null), answer.FinishReason);
        if (withUsage) await WriteAsync(reply([], answer.Usage));
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private Task SendAsync(ChatReplyMessage delta, string? finish) => WriteAsync(reply([new ChatReplyChoice(0, Message: null, delta, finish)], null));

    private async Task WriteAsync(ChatReply chunk)
    {
        await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk, ProviderJsonContext.Default.ChatReply)}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static IEnumerable<(ChatReplyMessage Delta, string Text)> Pieces(ChatAnswer answer)
    {
        foreach (var word in Words(answer.Text))
        {
            yield return (new ChatReplyMessage(Role: null, word), word);
        }

        for (var index = 0; index < answer.Calls.Count; index++)
        {
            var call = answer.Calls[index];
            yield return (Call(call with { Index = index, Function = call.Function with { Arguments = "" } }), call.Function.Name!);
            for (var start = 0; start < call.Function.Arguments.Length; start += PieceLength)
            {
                var piece = call.Function.Arguments.Substring(start, Math.Min(PieceLength, call.Function.Arguments.Length - start));
                yield return (Call(new ToolCallMessage(index, Id: null, Type: null, new FunctionMessage(Name: null, piece))), piece);
            }
        }
    }

    private static ChatReplyMessage Call(ToolCallMessage call) => new(Role: null, Content: null) { ToolCalls = [call] };

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
}
