using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>What a request says, read strictly: as messages for the offline model, and where in its turns the conversation is.</summary>
/// <param name="Messages">The messages; what tools said counts as the user's, and directives are left out.</param>
/// <param name="Turn">How many times the model has spoken since the user's last message.</param>
/// <param name="Script">The script that a message carries, or null.</param>
internal sealed record ChatConversation(IReadOnlyList<ChatMessage> Messages, int Turn, ProviderScript? Script)
{
    /// <summary>Reads the messages of a request.</summary>
    /// <exception cref="FormatException">A role is none, a tool's message names no call that there was, or a directive's script is none.</exception>
    public static ChatConversation Read(IReadOnlyList<ChatRequestMessage?> sent)
    {
        List<ChatMessage> messages = [];
        var turn = 0;
        ProviderScript? script = null;
        HashSet<string> calls = new(StringComparer.Ordinal);
        foreach (var message in sent)
        {
            var text = TextOf(message?.Content);
            switch (message?.Role)
            {
                case "system" or "developer" or "user" when text.TrimStart().StartsWith(ProviderScript.Directive, StringComparison.Ordinal):
                    script = ProviderScript.Parse(text.TrimStart()[ProviderScript.Directive.Length..]);
                    turn = message.Role == "user" ? 0 : turn;
                    break;
                case "system" or "developer":
                    messages.Add(new ChatMessage(ChatRole.System, text));
                    break;
                case "user":
                    turn = 0;
                    messages.Add(new ChatMessage(ChatRole.User, text));
                    break;
                case "assistant":
                    turn++;
                    calls.UnionWith(message.ToolCalls?.Select(call => call?.Id).OfType<string>() ?? []);
                    messages.Add(new ChatMessage(ChatRole.Assistant, text));
                    break;
                case "tool" when message.ToolCallId is { } id && calls.Contains(id):
                    messages.Add(new ChatMessage(ChatRole.User, text));
                    break;
                case "tool":
                    throw new FormatException($"A message of role 'tool' has tool_call_id '{message.ToolCallId}', and no 'tool_calls' before it has that ID.");
                default:
                    throw new FormatException($"'{message?.Role}' is no role. Use system, developer, user, assistant or tool.");
            }
        }

        return new ChatConversation(messages, turn, script);
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
}
