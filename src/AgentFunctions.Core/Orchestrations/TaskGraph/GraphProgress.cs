using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Approval;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Publishes a graph's status: at every change where it is small, at about two hundred of them where it is large, and whenever an approval has news.</summary>
internal sealed class GraphProgress(OrchestrationContext context, GraphNodeRun[] nodes)
{
    private readonly SortedDictionary<int, ApprovalStatus> waiting = [];
    private string published = "";
    private int publishedAt = -1;
    private bool hasEnded;

    /// <summary>News of an approval.</summary>
    public void Waiting(int place, ApprovalStatus status)
    {
        if (status.Phase == "waiting") waiting[place] = status;
        else waiting.Remove(place);
        Publish();
    }

    public void Report()
    {
        var changed = nodes.Count(node => node.Outcome is not null) + nodes.Count(node => node.StartedAt is not null);
        if (changed - publishedAt < (nodes.Length + 99) / 100) return;
        publishedAt = changed;
        Publish();
    }

    /// <summary>The last status: approvals that ended otherwise than by a decision no longer wait.</summary>
    public void End()
    {
        hasEnded = true;
        Publish();
    }

    private void Publish()
    {
        var status = Status();
        var summary = $"{status.Nodes} {string.Join(' ', status.Approvals)}";
        if (summary == published) return;
        published = summary;
        context.SetCustomStatus(status);
    }

    private TaskGraphStatus Status() => new()
    {
        Phase = "nodes",
        Done = nodes.Count(node => node.Outcome is not null),
        Total = nodes.Length,
        Nodes = string.Concat(nodes.Select(node => node.Letter)),
        Running = [.. nodes.Where(node => node.Letter == 'r').Take(10).Select(node => node.Node.Key)],
        Failed = [.. nodes.Where(node => node.HasFailed).Take(10).Select(node => node.Node.Key)],
        Approvals = hasEnded ? [] : [.. waiting.Where(it => nodes[it.Key].Outcome is null).Take(5).Select(it => new TaskGraphApproval(
            nodes[it.Key].Node.Key,
            Bounded.Text(it.Value.EventName, 100),
            Bounded.Text(it.Value.Title, 80),
            it.Value.RefusedCount,
            it.Value.Refused.Count > 0 ? Bounded.Text(it.Value.Refused[^1].Reason, 150) : null))],
    };
}
