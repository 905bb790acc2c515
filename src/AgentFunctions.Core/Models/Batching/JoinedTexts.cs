using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Batching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>Texts of calls that differ in nothing that changes a vector: they wait here for each other, and go out together.</summary>
internal sealed class JoinedTexts : IDisposable
{
    // A timer rounds less down to nothing, and would fire in vain.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly BatchRules rules;
    private readonly BatchSizer sizer;
    private readonly TimeProvider time;
    private readonly Func<IReadOnlyList<BatchPiece>, CancellationToken, Task> send;
    private readonly Lock gate = new();
    private readonly LaneQueue<BatchPiece> waiting;
    private readonly DecayingRate arrivals = new(TimeSpan.FromSeconds(5));
    private readonly ITimer timer;
    private BatchLoad load;
    private int inFlight;
    private bool isStopped;

    /// <summary>Makes it; nothing waits yet.</summary>
    /// <param name="rules">The waits and limits.</param>
    /// <param name="sizer">The size of batches.</param>
    /// <param name="time">The clock; all waits go by its monotonic time.</param>
    /// <param name="send">Sends a batch and answers its pieces; it never throws.</param>
    public JoinedTexts(BatchRules rules, BatchSizer sizer, TimeProvider time, Func<IReadOnlyList<BatchPiece>, CancellationToken, Task> send)
    {
        (this.rules, this.sizer, this.time, this.send) = (rules, sizer, time, send);
        waiting = new LaneQueue<BatchPiece>(rules.WaitOf);
        timer = time.CreateTimer(_ => Turn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether nothing waits and nothing is in flight.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return waiting.Count == 0 && inFlight == 0;
            }
        }
    }

    private TimeSpan Now => TimeSpan.FromTicks(time.GetTicks());

    /// <summary>The vectors of a call's pieces, in their order.</summary>
    public async Task<GeneratedEmbeddings<Embedding<float>>[]> AddAsync(IReadOnlyList<BatchPiece> pieces, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isStopped, this);
            var now = Now;
            arrivals.Note(now);
            foreach (var piece in pieces)
            {
                piece.TakeOut = waiting.Add(piece, piece.Lane, now.Ticks);
                load = load.Plus(piece.Load);
            }
        }

        Turn();
        await using (cancellationToken.Register(() => GiveUp(pieces, cancellationToken)))
        {
            return await Task.WhenAll(pieces.Select(piece => piece.Answer.Task));
        }
    }

    /// <summary>Ends all waits with an <see cref="ObjectDisposedException"/>; what is in flight comes back.</summary>
    public void Dispose()
    {
        List<BatchPiece> left = [];
        lock (gate)
        {
            isStopped = true;
            timer.Dispose();
            while (waiting.TryTake(out var piece)) left.Add(piece);
            load = default;
        }

        foreach (var piece in left) piece.Answer.TrySetException(new ObjectDisposedException(nameof(BatchingEmbeddingGenerator), "The worker stops, so that these texts are not sent any more. Another makes the call again."));
    }

    private void Turn()
    {
        List<BatchPiece[]> batches = [];
        lock (gate)
        {
            if (isStopped) return;
            while (true)
            {
                var now = Now;
                var due = waiting.FirstDue is { } ticks ? TimeSpan.FromTicks(ticks) : (TimeSpan?)null;
                if (BatchPolicy.SendAt(rules, new BatchSituation(now, due, load, inFlight, arrivals.Read(now), sizer.Texts)) is not { } at)
                {
                    timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    break;
                }

                if (at > now)
                {
                    timer.Change(at - now > Shortest ? at - now : Shortest, Timeout.InfiniteTimeSpan);
                    break;
                }

                batches.Add(Cut());
                inFlight++;
            }
        }

        foreach (var batch in batches) _ = SendAsync(batch);
    }

    private BatchPiece[] Cut()
    {
        List<BatchPiece> batch = [];
        var (filled, size) = (default(BatchLoad), sizer.Texts);
        while (waiting.TryPeek(out var next) && BatchPolicy.Fits(rules, size, filled, next.Load))
        {
            waiting.TryTake(out _);
            batch.Add(next);
            filled = filled.Plus(next.Load);
        }

        // From nothing anew when nothing is left, so that sums of doubles can't stray.
        load = waiting.Count == 0 ? default : load.Minus(filled);
        return [.. batch];
    }

    private async Task SendAsync(BatchPiece[] batch)
    {
        // Not disposed: a call may give up as its batch comes back, and it holds nothing that needs it.
        var abandoned = new CancellationTokenSource();
        lock (gate)
        {
            var wanted = 0;
            foreach (var piece in batch)
            {
                if (!piece.Answer.Task.IsCompleted) wanted++;
                piece.Left = () => --wanted == 0 ? abandoned : null;
            }
        }

        try
        {
            await send(batch, abandoned.Token);
        }
        finally
        {
            lock (gate)
            {
                inFlight--;
            }

            Turn();
        }
    }

    private void GiveUp(IReadOnlyList<BatchPiece> pieces, CancellationToken cancellationToken)
    {
        foreach (var piece in pieces)
        {
            CancellationTokenSource? abandoned;
            lock (gate)
            {
                if (!piece.Answer.TrySetCanceled(cancellationToken)) continue;
                var wasWaiting = piece.TakeOut();
                if (wasWaiting) load = waiting.Count == 0 ? default : load.Minus(piece.Load);
                abandoned = wasWaiting ? null : piece.Left();
            }

            // Outside the lock, as it runs what the request has registered.
            abandoned?.Cancel();
        }
    }
}
