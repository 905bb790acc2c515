using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Offline;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

/// <summary>Asks the offline model as CallModel does.</summary>
internal static class OfflineAsk
{
    public static async Task<ChatResponse> ResponseAsync(ModelPurpose purpose, string task, int? maxTokens, params string[] parts)
    {
        using var client = new OfflineChatClient();
        return await client.GetResponseAsync(Messages(task, parts), Options(purpose, maxTokens));
    }

    public static async Task<string> AskAsync(ModelPurpose purpose, string task, params string[] parts) => (await ResponseAsync(purpose, task, maxTokens: null, parts)).Text;

    public static ChatOptions Options(ModelPurpose purpose, int? maxTokens = null) => new() { MaxOutputTokens = maxTokens, AdditionalProperties = new() { [ModelProperties.Purpose] = purpose } };

    public static List<ChatMessage> Messages(string task, params string[] parts) =>
        [new ChatMessage(ChatRole.System, task), new ChatMessage(ChatRole.User, [.. parts.Select(part => (AIContent)new TextContent(part))])];
}
