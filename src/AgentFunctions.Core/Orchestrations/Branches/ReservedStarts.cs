using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>
/// A run's reservation with the limiter of a <see cref="CallRate"/>: it asks for the starts of many calls at once, waits for each by a durable timer, and gives back
/// what it does not use. So the rate holds over all runs and workers, at one entity call for half a minute of calls. It is deterministic: it knows only the run's clock.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="rate">The rate.</param>
internal sealed class ReservedStarts(OrchestrationContext context, CallRate rate) : IDisposable
{
    // No further, so that runs that share a rate take turns.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly RateLimits limits = new() { RequestsPerMinute = rate.PerMinute };
    private readonly EntityId limiter = EntityReferences.CallRate(rate.Name, Tenants.Of(context.InstanceId));
    private readonly CancellationTokenSource stopped = new();
    private readonly Queue<(DateTimeOffset At, DateTimeOffset Given)> starts = new();
    private Task last = Task.CompletedTask;
    private string? worker;
    private long lease;

    /// <summary>Runs a fan-out whose branches, and each further attempt of one, wait for their start; what is left over goes back however it ends.</summary>
    /// <typeparam name="T">What a branch gives.</typeparam>
    /// <param name="context">The run's context.</param>
    /// <param name="rate">The rate.</param>
    /// <param name="branches">The branches.</param>
    /// <param name="run">Runs the branches; it waits for the first start of each.</param>
    public static async Task<IReadOnlyList<Branch<T>>> RunAsync<T>(OrchestrationContext context, CallRate rate, IReadOnlyList<BranchBody<T>> branches, Func<IReadOnlyList<BranchBody<T>>, ReservedStarts, Task<IReadOnlyList<Branch<T>>>> run)
    {
        using var reserved = new ReservedStarts(context, rate);
        try
        {
            return await run([.. branches.Select(reserved.Paced)], reserved);
        }
        finally
        {
            reserved.Stop();
            reserved.GiveBack();
        }
    }

    /// <summary>Waits for the next start, in the order of asking.</summary>
    /// <param name="wanted">How many starts are likely to be wanted from this one on.</param>
    /// <returns>False where it was stopped first.</returns>
    public async Task<bool> NextAsync(int wanted)
    {
        var (before, mine) = (last, new TaskCompletionSource());
        last = mine.Task;
        try
        {
            await before;
            return await TakeAsync(wanted);
        }
        finally
        {
            mine.SetResult();
        }
    }

    /// <summary>Ends all waits.</summary>
    public void Stop()
    {
        if (!stopped.IsCancellationRequested) stopped.Cancel();
    }

    /// <summary>After <see cref="Stop"/>: what still waits sees that it was stopped, and asks for no token any more.</summary>
    public void Dispose() => stopped.Dispose();

    private BranchBody<T> Paced<T>(BranchBody<T> body)
    {
        var isFirst = true;
        return new BranchBody<T>(body.Key, async token =>
        {
            if (!isFirst && !await NextAsync(1)) throw new OperationCanceledException("The fan-out has ended.");
            isFirst = false;
            return await body.RunAsync(token);
        });
    }

    private async Task<bool> TakeAsync(int wanted)
    {
        while (!stopped.IsCancellationRequested)
        {
            // One whose time is over, as the run was not served meanwhile, is lost.
            while (starts.TryPeek(out var over) && context.UtcNow - over.At >= limits.UseWithin) starts.Dequeue();
            if (!starts.TryPeek(out var start))
            {
                await LeaseAsync(wanted);
            }
            else if (start.At <= context.UtcNow)
            {
                starts.Dequeue();
                return true;
            }
            else if (!await WaitAsync(start.At - context.UtcNow))
            {
                return false;
            }
        }

        return false;
    }

    private async Task LeaseAsync(int wanted)
    {
        var ask = new PermitRequest(Math.Clamp(wanted, 1, RateReservation.MostPermits), 0, Ahead);
        var grant = await context.CallEntityAsync(limiter, RateLimiterEntity.Lease, Request(ask, back: null));
        foreach (var run in grant.Starts)
        {
            for (var i = 0; i < run.Count; i++) starts.Enqueue((context.UtcNow + run.After, grant.At + run.After));
        }

        if (grant.Count == 0) await WaitAsync(grant.RetryAfter is { } wait && wait > ShortestWait ? wait : ShortestWait);
    }

    private async Task<bool> WaitAsync(TimeSpan time)
    {
        try
        {
            await context.CreateTimerAsync(time, stopped.Token);
            return true;
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return false;
        }
    }

    private void GiveBack()
    {
        PermitStart[] back = [.. starts.Where(start => start.At > context.UtcNow).GroupBy(start => start.Given).Select(start => new PermitStart(start.Key, start.Count()))];
        starts.Clear();
        if (back.Length > 0) context.SignalEntity(limiter, RateLimiterEntity.Lease, Request(ask: null, back));
    }

    /// <summary>The name is new with each fan-out, as a run may make several and may begin anew under one ID.</summary>
    private LeaseRequest Request(PermitRequest? ask, IReadOnlyList<PermitStart>? back) => new()
    {
        Worker = worker ??= string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}:{context.NewGuid():N}"),
        Lease = ++lease,
        Limits = limits,
        Ask = ask,
        Back = back,
    };
}
