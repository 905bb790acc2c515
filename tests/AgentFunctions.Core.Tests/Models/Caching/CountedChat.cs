using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Caching;

/// <summary>A model that counts its calls and answers as it is told, in one piece or as a stream of the same updates.</summary>
internal sealed class CountedChat : IChatClient
{
    public int Calls { get; private set; }

    /// <summary>What the call of this number, from 1, gives. Default: "answer N", complete.</summary>
    public Func<int, IReadOnlyList<ChatResponseUpdate>> Answer { get; set; } = call => [Text($"answer {call}"), End("stop", 100, 10)];

    /// <summary>Waited for before each update, where set.</summary>
    public Func<int, CancellationToken, Task>? BeforeUpdate { get; set; }

    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text) { ModelId = "m-2026" };

    public static ChatResponseUpdate Call(string id, string tool, Dictionary<string, object?> arguments) => new(ChatRole.Assistant, [new FunctionCallContent(id, tool, arguments)]) { ModelId = "m-2026" };

    public static ChatResponseUpdate End(string reason, long? input = null, long? output = null) => new(ChatRole.Assistant, input is null ? [] : [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output })])
    {
        ModelId = "m-2026",
        FinishReason = new ChatFinishReason(reason),
        AdditionalProperties = new() { ["agentfunctions.notice"] = "a remark" },
    };

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken)) updates.Add(update);
        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = Answer(++Calls);
        for (var i = 0; i < updates.Count; i++)
        {
            if (BeforeUpdate is not null) await BeforeUpdate(i, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            yield return updates[i];
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("counted", new Uri("https://models.example/v1"), "m") : null;

    public void Dispose()
    {
    }
}
