using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Batching;

/// <summary>An embedding model whose requests a test sees, and answers when it likes: the vector of a text is its length and the hash of its characters.</summary>
internal sealed class ScriptedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly List<TaskCompletionSource> open = [];

    public List<ScriptedRequest> Requests { get; } = [];

    /// <summary>Called with each request before it is answered; what it throws is the answer.</summary>
    public Action<ScriptedRequest> Script { get; set; } = _ => { };

    /// <summary>Whether requests are answered only by <see cref="AnswerAll"/>.</summary>
    public bool Holds { get; set; }

    public long? TokensOfARequest { get; set; } = 1000;

    public static Embedding<float> VectorOf(string text) => new(new float[] { text.Length, text.Aggregate(7, (hash, character) => ((hash * 31) + character) % 1_000_003) });

    public void AnswerAll()
    {
        TaskCompletionSource[] now = [.. open];
        open.Clear();
        foreach (var answer in now) answer.TrySetResult();
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new ScriptedRequest([.. values], options, cancellationToken);
        Requests.Add(request);
        if (Holds)
        {
            var answer = new TaskCompletionSource();
            open.Add(answer);
            await using (cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken)))
            {
                await answer.Task;
            }
        }

        Script(request);
        return new GeneratedEmbeddings<Embedding<float>>(request.Texts.Select(VectorOf))
        {
            Usage = TokensOfARequest is { } tokens ? new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } : null,
            AdditionalProperties = new() { ["model"] = "scripted" },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

internal sealed record ScriptedRequest(string[] Texts, EmbeddingGenerationOptions? Options, CancellationToken Cancellation);
