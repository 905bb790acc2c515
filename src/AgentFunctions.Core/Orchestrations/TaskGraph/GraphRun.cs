using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>
/// A graph while it runs: a node starts when its edges are decided and there is room; when it ends, the edges out of it are decided. FanOut
/// can't do this (its branches are all ready at once), but each node is a branch: with its attempts, its timeout, and its being given up.
/// </summary>
internal sealed class GraphRun
{
    private readonly OrchestrationContext context;
    private readonly TaskGraphInput input;
    private readonly GraphPlan plan;
    private readonly GraphState state;
    private readonly StateReader reader;
    private readonly GraphNodeWork work;
    private readonly GraphProgress progress;
    private readonly GraphNodeRun[] nodes;
    private readonly DateTimeOffset start;
    private readonly PriorityQueue<GraphNodeRun, int> ready = new();
    private readonly TaskCompletionSource over = new();
    private ReplaySafeRandom? random;
    private int running;
    private int places;
    private bool advancing;
    private string? endedBy;

    public GraphRun(OrchestrationContext context, TaskGraphInput input, Catalog catalog)
    {
        this.context = context;
        this.input = input;
        plan = new(input);
        state = new(plan, input);
        reader = new(context);
        start = context.UtcNow;
        nodes = [.. plan.Nodes.Select((node, place) => new GraphNodeRun(place, node, plan.Into[place].Count(), plan.Nodes.Count))];
        progress = new(context, nodes);
        work = new(context, catalog, reader, input.Cache, (node, status) => progress.Waiting(plan.Place(node.Key), status));
    }

    public async Task<TaskGraphResult> RunAsync()
    {
        foreach (var node in nodes.Where(node => node.Undecided == 0)) Ready(node);
        Advance();
        await over.Task;
        progress.End();
        return Result();
    }

    private void Ready(GraphNodeRun node)
    {
        node.IsDecided = true;
        ready.Enqueue(node, node.Place);
    }

    /// <summary>Starts what is ready. Nodes that end at once come back here: they are left to the loop that is already running.</summary>
    private void Advance()
    {
        if (advancing) return;
        advancing = true;
        var held = new List<GraphNodeRun>();
        while (ready.TryDequeue(out var node, out _))
        {
            if (places >= input.MaxParallel && TakesPlace(node)) held.Add(node);
            else _ = RunNodeAsync(node);
        }

        // A critical node that failed at once has skipped the others meanwhile.
        foreach (var node in held.Where(node => node.Outcome is null)) ready.Enqueue(node, node.Place);
        advancing = false;
        progress.Report();
        if (running == 0) over.TrySetResult();
    }

    // What computes takes a place; what only waits for a person does not, nor what is told at once.
    private static bool TakesPlace(GraphNodeRun node) => node.Node.Kind is not (GraphNodeKind.Approval or GraphNodeKind.Condition);

    private async Task RunNodeAsync(GraphNodeRun node)
    {
        try
        {
            running++;
            if (TakesPlace(node)) places++;
            node.StartedAt = context.UtcNow;
            node.Branch = new(context, new(node.Node.Key, token => AttemptAsync(node, token)), OptionsOf(node.Node), () => (random ??= ReplaySafeRandom.From(context)).NextDouble());
            var outcome = await node.Branch.RunAsync();
            if (TakesPlace(node)) places--;
            node.Outcome = outcome;
            if (outcome.IsSuccess) state.Add(node.Place, outcome.Value!.Value);
            if (node.HasFailed && node.Node.Critical) Stop(node);
            var edges = endedBy is null ? await DecideAsync(node) : [];
            running--;
            if (endedBy is null) Follow(node, edges);
            Advance();
        }
        catch (Exception exception)
        {
            // A defect in this class: without this the run would wait for ever.
            over.TrySetException(exception);
        }
    }

    private async Task<NodeOutput> AttemptAsync(GraphNodeRun node, CancellationToken token)
    {
        node.Attempts++;
        var output = await work.RunAsync(node.Node, key => state.Find(key, node.Seen), () => state.Document(node.Seen), token);
        return state.Fault(node.Place, output.Value) is { } fault ? throw new PermanentFailureException(fault) : output;
    }

    private static FanOutOptions OptionsOf(TaskGraphNode node)
    {
        var isCall = node.Kind is GraphNodeKind.Tool or GraphNodeKind.Model;
        return new() { BranchTimeout = node.Timeout ?? (isCall ? TimeSpan.FromMinutes(5) : null), Retry = new RetryPolicy { MaxAttempts = node.MaxAttempts ?? (isCall ? 3 : 1) } };
    }

    /// <summary>Tells which edges out of a node are taken: the conditions see what the node saw, and its output.</summary>
    private async Task<List<DecidedEdge>> DecideAsync(GraphNodeRun node)
    {
        var goesOn = node.Outcome!.IsSuccess || node.Node.ContinueOnError;
        if (node.HasFailed) node.BreaksBecause = $"'{node.Node.Key}' {(node.Outcome.Status == BranchStatus.TimedOut ? "timed out" : "failed")}.";
        var decided = new List<DecidedEdge>();
        var seen = new System.Collections.BitArray(node.Seen) { [node.Place] = true };
        foreach (var edge in plan.From[node.Place])
        {
            if (!goesOn) decided.Add(new(edge, IsTaken: false, node.BreaksBecause));
            else if (edge.When is not { } when) decided.Add(new(edge, IsTaken: true, null));
            else
            {
                try
                {
                    decided.Add(new(edge, await reader.HoldsAsync(when, key => state.Find(key, seen)), null));
                }
                catch (Exception exception)
                {
                    decided.Add(new(edge, IsTaken: false, $"The condition of the edge '{node.Node.Key}' → '{plan.Nodes[edge.To].Key}' could not be told: {FailureDetails.From(exception).Message}"));
                }
            }
        }

        return decided;
    }

    /// <summary>Tells the nodes after one, and so on through those that are skipped for it.</summary>
    private void Follow(GraphNodeRun node, List<DecidedEdge> edges)
    {
        var next = new Queue<DecidedEdge>(edges);
        while (next.TryDequeue(out var decided))
        {
            var (before, to) = (nodes[decided.Edge.From], nodes[decided.Edge.To]);
            to.Undecided--;
            if (to.IsDecided) continue;
            if (decided.IsTaken) to.Taken++;
            to.Broken ??= decided.BrokenBecause;
            to.Seen.Or(before.Seen);
            to.Seen[before.Place] = true;
            if (Decision(to) is not { } runs) continue;
            if (runs)
            {
                Ready(to);
                continue;
            }

            to.BreaksBecause = to.Broken;
            Skip(to, to.Broken ?? "No edge into it was taken.");
            foreach (var edge in plan.From[to.Place]) next.Enqueue(new(edge, IsTaken: false, to.Broken));
        }
    }

    /// <summary>Whether a node runs (true), is skipped (false), or waits for more (null).</summary>
    private static bool? Decision(GraphNodeRun node) => node.Node.Join switch
    {
        GraphJoin.Any when node.Taken > 0 => true,
        _ when node.Undecided > 0 => null,
        GraphJoin.All => node.Taken > 0 && node.Broken is null,
        _ => false,
    };

    private static void Skip(GraphNodeRun node, string reason)
    {
        node.IsDecided = true;
        node.SkippedBecause = reason;
        node.Outcome = new() { Key = node.Node.Key, Status = BranchStatus.Skipped };
    }

    private void Stop(GraphNodeRun failed)
    {
        if (endedBy is not null) return;
        endedBy = failed.Node.Key;
        ready.Clear();
        foreach (var node in nodes.Where(node => node.Outcome is null && node.StartedAt is null)) Skip(node, $"'{endedBy}' failed, and is critical.");
        foreach (var node in nodes.Where(node => node.Outcome is null)) node.Branch!.GiveUp();
    }

    private TaskGraphResult Result()
    {
        string[] failed = [.. nodes.Where(node => node.HasFailed).Select(node => node.Node.Key)];
        return new()
        {
            // A condition that could not be told breaks what is behind it without failing a node.
            Complete = nodes.All(node => node.Outcome?.IsSuccess == true || (node.SkippedBecause is not null && node.BreaksBecause is null && endedBy is null)),
            Failed = failed.Length > 0 ? failed : null,
            EndedBy = endedBy,
            Nodes = [.. nodes.Select(node => node.Result(start))],
            State = state.Document(state.All),
            Cost = Cost.Sum(nodes.Select(node => node.Outcome?.Cost)),
            Notice = nodes.Select(node => node.Outcome?.Value?.Notice).FirstOrDefault(notice => notice is not null),
        };
    }

    /// <summary>An edge once its first node has ended.</summary>
    private sealed record DecidedEdge(PlannedEdge Edge, bool IsTaken, string? BrokenBecause);
}
