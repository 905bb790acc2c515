using System.Runtime.CompilerServices;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Routing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Routing;

/// <summary>A model for each tier and a spare one, which answer what a test has them answer, under routing. A call of each uses 100 tokens in and 10 out.</summary>
internal sealed class TieredModels
{
    private readonly Dictionary<string, TierModel> models = new(StringComparer.Ordinal) { ["small"] = new("small"), ["middle"] = new("middle"), ["big"] = new("big"), ["spare"] = new("spare") };

    public TierModel Small => models["small"];

    public TierModel Middle => models["middle"];

    public TierModel Big => models["big"];

    public TierModel Spare => models["spare"];

    /// <summary>The models that were asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public static ModelOptions Options { get; } = new()
    {
        Endpoint = new Uri("https://models.example/v1"),
        Fast = new("small", new ModelPrice(10m, 100m)) { ContextWindow = 5000 },
        Balanced = new("middle", new ModelPrice(100m, 1000m)),
        Capable = new("big", new ModelPrice(1000m, 10_000m)),
        Others = [new("spare", new ModelPrice(20m, 200m))],
    };

    public RoutedCatalog Catalog(RoutingOptions? routing = null, TimeProvider? time = null, ICallCache? cache = null)
    {
        foreach (var model in models.Values) model.Asked = Asked;
        var inner = new ModelCatalog(Options, (_, name) => models[name], cache is null ? null : resolved => new CachingChatClient(resolved.Client, cache, resolved.Price));
        return new RoutedCatalog(inner, Options, routing ?? new RoutingOptions(), time ?? TimeProvider.System);
    }
}

/// <summary>A model that says what it is told to: each answer once, the last one for ever.</summary>
internal sealed class TierModel(string name) : IChatClient
{
    private readonly Queue<object> answers = [];

    public List<string> Asked { get; set; } = [];

    public List<ChatOptions?> Options { get; } = [];

    public List<IReadOnlyList<ChatMessage>> Messages { get; } = [];

    /// <summary>What it does next: a string is its answer, an exception its failure, a response as it is; and then only the last again.</summary>
    public void Says(params object[] next)
    {
        answers.Clear();
        foreach (var answer in next) answers.Enqueue(answer);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Asked.Add(name);
        Options.Add(options);
        Messages.Add([.. messages]);
        cancellationToken.ThrowIfCancellationRequested();
        return (answers.Count > 1 ? answers.Dequeue() : answers.TryPeek(out var last) ? last : $"{name} says so") switch
        {
            Exception error => throw error,
            ChatResponse response => response,
            var text => new ChatResponse(new ChatMessage(ChatRole.Assistant, (string)text)) { ModelId = $"{name}-2026", FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 100, OutputTokenCount = 10 } },
        };
    }

    /// <summary>The answer word by word after an update without content; a failure after "half" comes when the first word is out.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = $"{name}-2026" };
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var word in response.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return new ChatResponseUpdate(ChatRole.Assistant, word + " ") { ModelId = response.ModelId };
        if (response.Text == "half") throw new TimeoutException("The rest did not come.");
        foreach (var call in response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()) yield return new ChatResponseUpdate(ChatRole.Assistant, [call]);
        yield return new ChatResponseUpdate(ChatRole.Assistant, response.Usage is { } usage ? [new UsageContent(usage)] : []) { FinishReason = response.FinishReason, AdditionalProperties = response.AdditionalProperties };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
