using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Batching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>
/// Joins the texts of concurrent calls into one request: each call waits for others as long as its lane may, or not at all where none are likely. Each gets its own
/// vectors, its share of the usage and its own errors: texts that the provider refuses as wrong are found by halving, and do not fail the calls that went with them.
/// A joined request has the highest lane of its calls and nothing else of them: it stands under the cache and the budgets, over retries and limits.
/// </summary>
public sealed class BatchingEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private const int MostKeys = 64;

    private readonly BatchRules rules;
    private readonly BatchSizer sizer;
    private readonly TimeProvider time;
    private readonly Dictionary<BatchKey, JoinedTexts> joined = [];

    /// <summary>Makes the generator.</summary>
    /// <param name="inner">The model.</param>
    /// <param name="options">The waits and limits.</param>
    /// <param name="time">The clock of the waits.</param>
    public BatchingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, BatchOptions options, TimeProvider time)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (rules, this.time) = (options.Rules, time);
        sizer = new BatchSizer(options.TargetLatency, options.MaxTexts);
    }

    /// <summary>How many texts make a batch full now.</summary>
    public int BatchSize => sizer.Texts;

    /// <summary>The vectors of texts, in their order.</summary>
    /// <inheritdoc/>
    /// <exception cref="ModelUnavailableException">The model gave another number of vectors than it was sent texts.</exception>
    /// <exception cref="ObjectDisposedException">The worker stops.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        cancellationToken.ThrowIfCancellationRequested();
        if (BatchKey.Of(options) is not { } key) return await InnerGenerator.GenerateAsync(values, options, cancellationToken);
        string[] texts = [.. values];
        if (texts.Length == 0) return [];
        var lane = LimitedModels.LaneOf(options?.AdditionalProperties);
        List<BatchPiece> pieces = [];
        var start = 0;
        foreach (var piece in BatchPolicy.Pieces(rules, [.. texts.Select(text => (double)TokenEstimate.Count(text))]))
        {
            pieces.Add(new BatchPiece(texts.AsMemory(start, piece.Texts), piece.Tokens, lane));
            start += piece.Texts;
        }

        var answers = await Of(key).AddAsync(pieces, cancellationToken);
        return answers is [var only] ? only : new GeneratedEmbeddings<Embedding<float>>(answers.SelectMany(answer => answer))
        {
            Usage = answers.Select(answer => answer.Usage).Aggregate(JoinedUsage.Sum),
            AdditionalProperties = answers[0].AdditionalProperties,
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (joined)
            {
                foreach (var texts in joined.Values) texts.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private JoinedTexts Of(BatchKey key)
    {
        lock (joined)
        {
            if (joined.TryGetValue(key, out var known)) return known;
            if (joined.Count >= MostKeys)
            {
                // A call that has one of them in hand already still gets its vectors, only by itself.
                foreach (var idle in joined.Where(texts => texts.Value.IsIdle).Select(texts => texts.Key).ToList()) joined.Remove(idle);
            }

            return joined[key] = new JoinedTexts(rules, sizer, time, (pieces, cancellationToken) => SendAsync(key, pieces, cancellationToken));
        }
    }

    private async Task SendAsync(BatchKey key, IReadOnlyList<BatchPiece> batch, CancellationToken cancellationToken)
    {
        BatchPiece[] pieces = [.. batch.Where(piece => !piece.Answer.Task.IsCompleted)];
        if (pieces.Length == 0) return;
        string[] texts = [.. pieces.SelectMany(piece => piece.Texts.ToArray())];
        var measured = new ProviderTime();
        var began = time.GetTimestamp();
        try
        {
            var made = await InnerGenerator.GenerateAsync(texts, key.Options(pieces, measured), cancellationToken);
            if (made.Count != texts.Length) throw new ModelUnavailableException($"The model '{key.Model}' gave {made.Count} vectors for {texts.Length} texts. Try again.");
            sizer.Note(texts.Length, measured.Took ?? time.GetElapsedTime(began));
            Answer(pieces, made);
        }
        catch (PermanentFailureException error) when (pieces.Length > 1 && error is not DeploymentRefusedException)
        {
            // It is one of these, and the others are not to suffer for it.
            await Task.WhenAll(SendAsync(key, pieces[..(pieces.Length / 2)], cancellationToken), SendAsync(key, pieces[(pieces.Length / 2)..], cancellationToken));
        }
#pragma warning disable CA1031 // Every error reaches the calls whose texts these are.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (error is TimeoutException) sizer.Note(texts.Length, TimeSpan.MaxValue);
            foreach (var piece in pieces) piece.Answer.TrySetException(error);
        }
    }

    private static void Answer(BatchPiece[] pieces, GeneratedEmbeddings<Embedding<float>> made)
    {
        var usage = JoinedUsage.Divide(made.Usage, [.. pieces.Select(piece => piece.Load.Tokens)]);
        var start = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i].Answer.TrySetResult(new GeneratedEmbeddings<Embedding<float>>(made.Skip(start).Take(pieces[i].Texts.Length)) { Usage = usage[i], AdditionalProperties = made.AdditionalProperties?.Clone() });
            start += pieces[i].Texts.Length;
        }
    }
}
