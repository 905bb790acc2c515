using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A model that says what a test has it say, piece by piece, whatever it is called by.</summary>
/// <param name="talk">What it says to a conversation.</param>
public sealed class ScriptedModels(Func<IReadOnlyList<ChatMessage>, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> talk) : IModelCatalog, IChatClient
{
    public IReadOnlyList<string> Names { get; } = ["balanced"];

    public ResolvedModel Resolve(string model) => new(this, "scripted", ModelPrice.Free);

    /// <summary>Which turn a conversation is in, from 1.</summary>
    public static int TurnOf(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return 1 + messages.Count(message => message.Role == ChatRole.Assistant);
    }

    /// <summary>Text.</summary>
    public static ChatResponseUpdate Say(string text) => new(ChatRole.Assistant, text) { ModelId = "scripted" };

    /// <summary>A tool call.</summary>
    public static ChatResponseUpdate Call(string id, string tool, string arguments) => new(ChatRole.Assistant,
        [new FunctionCallContent(id, tool, JsonElement.Parse(arguments).EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value, StringComparer.Ordinal))]) { ModelId = "scripted" };

    /// <summary>The end.</summary>
    public static ChatResponseUpdate End(string reason = "stop", int inputTokens = 10, int outputTokens = 5) => new(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = inputTokens, OutputTokenCount = outputTokens })])
    {
        FinishReason = new ChatFinishReason(reason),
    };

    /// <summary>A model that has its whole answer at once.</summary>
    public static ScriptedModels Whole(Func<IReadOnlyList<ChatMessage>, IEnumerable<ChatResponseUpdate>> talk) => new((messages, _) => talk(messages).ToAsyncEnumerable());

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in talk([.. messages], cancellationToken)) yield return update;
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException("The scripted model streams only.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
