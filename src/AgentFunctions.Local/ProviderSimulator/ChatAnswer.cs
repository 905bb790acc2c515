using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>A simulated model's answer.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Text">What it says; empty where it only calls tools.</param>
/// <param name="Calls">The tools it calls.</param>
/// <param name="FinishReason">stop, length or tool_calls.</param>
/// <param name="PromptTokens">The tokens of the request.</param>
/// <param name="CachedTokens">How many of them had been read before.</param>
internal sealed record ChatAnswer(string Model, string Text, IReadOnlyList<ToolCallMessage> Calls, string FinishReason, int PromptTokens, int CachedTokens = 0)
{
    public TokenUsage Usage
    {
        get
        {
            var tokens = TokenEstimate.Count(Text) + Calls.Sum(call => TokenEstimate.Count(call.Function.Name ?? "") + TokenEstimate.Count(call.Function.Arguments));
            return new TokenUsage(PromptTokens, tokens, PromptTokens + tokens) { PromptTokensDetails = new(CachedTokens) };
        }
    }
}

/// <summary>Decides what to answer: a scripted turn, tool calls where the request has tools, or the offline model's text.</summary>
internal sealed class ChatAnswers(ProviderSimulatorOptions options, OfflineChatClient model)
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The model that it asks for.</param>
    /// <param name="conversation">Its messages.</param>
    /// <param name="choice">Which tools may be called.</param>
    /// <param name="longest">The most tokens of the answer, or null.</param>
    /// <param name="promptTokens">The tokens of the request.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, string name, ChatConversation conversation, ToolChoice choice, int? longest, int promptTokens, CancellationToken cancellationToken)
    {
        var turns = (conversation.Script ?? options.Script)?.Turns ?? [];
        var turn = conversation.Turn < turns.Count ? turns[conversation.Turn] : null;
        var calls = choice.Kind == "none" ? [] : turn?.ToolCalls ?? [];
        if (calls.Count == 0 && (choice.Kind is "required" or "function" || (choice.Kind == "auto" && turn is null && conversation.Turn < options.ToolRounds)))
        {
            calls = ToolAnswer.Draw([.. request.Functions.Where(tool => choice.Function is null || tool.Name == choice.Function)], Topic(conversation), request.ParallelToolCalls != false && choice.Function is null, new Random(Seed(conversation)));
        }

        calls = request.ParallelToolCalls == false ? [.. calls.Take(1)] : calls;
        if (turn is not null || calls.Count > 0)
        {
            return new ChatAnswer(name, turn?.Text ?? "", [.. calls.Select((call, i) => Message(call, conversation, i))], calls.Count > 0 ? "tool_calls" : "stop", promptTokens);
        }

        if (options.Answer?.Invoke(name, conversation.Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "") is { } said) return new ChatAnswer(name, said, [], "stop", promptTokens);
        var reply = await model.GetResponseAsync(conversation.Messages, new ChatOptions { MaxOutputTokens = longest }, cancellationToken);
        return new ChatAnswer(name, reply.Text, [], reply.FinishReason?.Value ?? "stop", promptTokens);
    }

    private ToolCallMessage Message(ScriptedCall call, ChatConversation conversation, int index)
    {
        var arguments = call.Arguments switch
        {
            { ValueKind: JsonValueKind.String } raw => raw.GetString()!,
            { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } json => json.GetRawText(),
            _ => "{}",
        };
        return new ToolCallMessage(Index: null, call.Id ?? string.Create(CultureInfo.InvariantCulture, $"call_{(uint)Seed(conversation):x8}_{conversation.Turn + 1}_{index + 1}"), "function", new FunctionMessage(call.Tool, arguments));
    }

    private static string Topic(ChatConversation conversation)
    {
        var text = conversation.Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        return text.Length <= 80 ? text : text[..80];
    }

    /// <summary>From the words alone, so that the same conversation is answered alike whenever it comes (FNV-1a; Fowler, Noll and Vo).</summary>
    private int Seed(ChatConversation conversation)
    {
        var hash = 2166136261 ^ (uint)options.Seed;
        foreach (var character in conversation.Messages.SelectMany(message => message.Text))
        {
            hash = unchecked((hash ^ character) * 16777619);
        }

        return unchecked((int)hash);
    }
}
