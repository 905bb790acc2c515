using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Batching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>What a call adds to a batch: its texts, or, of more than a request may carry, some of them.</summary>
internal sealed class BatchPiece(ReadOnlyMemory<string> texts, double tokens, RunPriority lane)
{
    public ReadOnlyMemory<string> Texts { get; } = texts;

    public BatchLoad Load { get; } = new(texts.Length, tokens);

    public RunPriority Lane { get; } = lane;

    public TaskCompletionSource<GeneratedEmbeddings<Embedding<float>>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes it out of the queue; false where it is out already.</summary>
    public Func<bool> TakeOut { get; set; } = () => false;

    /// <summary>Hears that the call was given up after its batch was sent; what to cancel where nobody wants that batch any more.</summary>
    public Func<CancellationTokenSource?> Left { get; set; } = () => null;
}
