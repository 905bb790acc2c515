using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>
/// A fan-out while it runs: as many workers as may run at once, each taking the next branch when its last has ended. So the work is
/// linear in the number of branches; a WhenAny over all of them for each that ends would be quadratic.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="bodies">The branches.</param>
/// <param name="options">Parallelism, timeout and retries; quorum and critical keys are the business of <paramref name="ended"/>.</param>
/// <param name="ended">Hears of each branch that has ended, by its place; true gives the rest up.</param>
/// <param name="starts">When branches may start; null for at once.</param>
internal sealed class FanOutRun<T>(OrchestrationContext context, IReadOnlyList<BranchBody<T>> bodies, FanOutOptions options, Func<int, Branch<T>, bool> ended, ReservedStarts? starts = null)
{
    private readonly Branch<T>?[] outcomes = new Branch<T>?[bodies.Count];
    private readonly BranchRun<T>?[] running = new BranchRun<T>?[Math.Min(bodies.Count, options.MaxParallel)];
    private ReplaySafeRandom? random;
    private int next;
    private bool stopped;

    public async Task<IReadOnlyList<Branch<T>>> RunAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(Stop);
        var workers = new Task[running.Length];
        for (var slot = 0; slot < workers.Length; slot++) workers[slot] = WorkAsync(slot);
        await Task.WhenAll(workers);
        return Outcomes();
    }

    private async Task WorkAsync(int slot)
    {
        while (!stopped && next < bodies.Count)
        {
            var place = next++;
            if (starts is not null && (!await starts.NextAsync(bodies.Count - place) || stopped))
            {
                outcomes[place] = new() { Key = bodies[place].Key, Status = BranchStatus.Skipped };
                continue;
            }

            var branch = running[slot] = new BranchRun<T>(context, bodies[place], options, Draw);
            var outcome = outcomes[place] = await branch.RunAsync();
            running[slot] = null;
            if (ended(place, outcome)) Stop();
        }
    }

    private void Stop()
    {
        if (stopped) return;
        stopped = true;
        starts?.Stop();
        foreach (var branch in running) branch?.GiveUp();
    }

    private double Draw() => (random ??= ReplaySafeRandom.From(context)).NextDouble();

    private Branch<T>[] Outcomes() => [.. outcomes.Select((outcome, place) => outcome ?? (place >= next
        ? new() { Key = bodies[place].Key, Status = BranchStatus.Skipped }
        : throw new InvalidOperationException($"Branch '{bodies[place].Key}' ({place + 1} of {bodies.Count}) was started but has no outcome. This is a defect in FanOut; report it.")))];
}
