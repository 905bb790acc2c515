using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.TaskGraph;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>Draws a run of TaskGraph: its nodes and edges as in the input, in the colours of how they stand. Pure.</summary>
internal sealed class TaskGraphDiagram
{
    private readonly StringBuilder diagram = new("flowchart TD\n");
    private readonly List<(string Id, string State)> states = [];

    /// <summary>Draws a run, or gives null where it is no task graph.</summary>
    /// <param name="run">The run, with its payloads.</param>
    /// <param name="json">The catalog's options.</param>
    public static string? Of(RunState run, JsonSerializerOptions json)
    {
        if (!string.Equals(run.Name, OrchestratorReferences.TaskGraph.Name, StringComparison.OrdinalIgnoreCase) || run.Input is not { } input) return null;
        try
        {
            return Draw(DurableJson.Read<TaskGraphInput>(input, json), StatesOf(run));
        }
        catch (JsonException)
        {
            // An input of another version of this orchestrator: its timeline can still be drawn.
            return null;
        }
    }

    /// <summary>Draws a graph.</summary>
    /// <param name="input">The graph.</param>
    /// <param name="stateOf">The state of the node at a place.</param>
    public static string Draw(TaskGraphInput input, Func<int, string> stateOf)
    {
        var drawing = new TaskGraphDiagram();
        drawing.Graph(input, "n", "  ", stateOf);
        DiagramStyle.Write(drawing.diagram, drawing.states);
        return drawing.diagram.ToString();
    }

    private void Graph(TaskGraphInput input, string prefix, string indent, Func<int, string>? stateOf)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < input.Nodes.Count; i++)
        {
            places[input.Nodes[i].Key] = i;
            Node(input.Nodes[i], Id(prefix, i), indent, stateOf?.Invoke(i));
        }

        foreach (var edge in input.Edges)
        {
            if (!places.TryGetValue(edge.From, out var from) || !places.TryGetValue(edge.To, out var to)) continue;
            diagram.Append(indent).Append(Id(prefix, from)).Append(" -->");
            if (edge.When is { } when) diagram.Append("|\"").Append(MermaidText.Of(ConditionText.Of(when))).Append("\"|");
            diagram.Append(' ').Append(Id(prefix, to)).Append('\n');
        }

        for (var i = 0; i < input.Nodes.Count; i++)
        {
            if (input.Nodes[i].Repeat is { } repeat) Body(repeat.Body, Id(prefix, i), indent);
        }
    }

    private void Node(TaskGraphNode node, string id, string indent, string? state)
    {
        var (open, close, what) = node.Kind switch
        {
            GraphNodeKind.Tool => ("[", "]", $"tool {node.Tool!.Name}"),
            GraphNodeKind.Model => ("([", "])", $"model {node.Model!.Name}"),
            GraphNodeKind.SubOrchestrator => ("[[", "]]", node.SubOrchestrator!.Name),
            GraphNodeKind.Approval => ("{{", "}}", "approval"),
            GraphNodeKind.Condition => ("{", "}", ConditionText.Of(node.Condition!)),
            GraphNodeKind.Repeat => ("[/", "/]", $"repeat up to {node.Repeat!.MaxIterations.ToString(CultureInfo.InvariantCulture)} times until {ConditionText.Of(node.Repeat.Until)}"),
            _ => ("[", "]", ""),
        };
        diagram.Append(indent).Append(id).Append(open).Append('"').Append(MermaidText.Of(node.Key)).Append("<br/>").Append(MermaidText.Of(what));
        if (state is not null)
        {
            diagram.Append("<br/>").Append(state);
            states.Add((id, state));
        }

        diagram.Append('"').Append(close).Append('\n');
    }

    /// <summary>The body of a repeat, in a frame of its own, without states: each iteration is a run that can be drawn by itself.</summary>
    private void Body(TaskGraphInput body, string id, string indent)
    {
        diagram.Append(indent).Append("subgraph ").Append(id).Append("body[\"each time\"]\n");
        Graph(body, $"{id}b", indent + "  ", stateOf: null);
        diagram.Append(indent).Append("end\n");
        var entered = body.Edges.Select(edge => edge.To).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < body.Nodes.Count; i++)
        {
            if (!entered.Contains(body.Nodes[i].Key)) diagram.Append(indent).Append(id).Append(" -.-> ").Append(Id($"{id}b", i)).Append('\n');
        }
    }

    private static string Id(string prefix, int place) => prefix + place.ToString(CultureInfo.InvariantCulture);

    /// <summary>How the nodes stand: from the result once there is one, else from the custom status.</summary>
    private static Func<int, string> StatesOf(RunState run)
    {
        if (run.RuntimeStatus == RuntimeStatus.Completed && Member(run.Output, "nodes") is { ValueKind: JsonValueKind.Array } nodes)
        {
            return place => place < nodes.GetArrayLength() ? OfStatus(Member(nodes[place], "status")?.ToString()) : DiagramStyle.Waiting;
        }

        var letters = Member(run.CustomStatus, "nodes") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        return place => place >= letters.Length ? DiagramStyle.Waiting : OfLetter(letters[place], run.RuntimeStatus.IsFinal());
    }

    private static JsonElement? Member(JsonElement? from, string name) => from is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(name, out var value) ? value : null;

    private static string OfStatus(string? status) => status switch
    {
        "Succeeded" or "Cached" => DiagramStyle.Succeeded,
        "Failed" or "TimedOut" => DiagramStyle.Failed,
        "Cancelled" => DiagramStyle.Cancelled,
        "Skipped" => DiagramStyle.Skipped,
        _ => DiagramStyle.Waiting,
    };

    private static string OfLetter(char letter, bool isOver) => letter switch
    {
        's' => DiagramStyle.Succeeded,
        'f' or 't' => DiagramStyle.Failed,
        'c' => DiagramStyle.Cancelled,
        'k' => DiagramStyle.Skipped,
        'r' => isOver ? DiagramStyle.Cancelled : DiagramStyle.Running,
        _ => DiagramStyle.Waiting,
    };
}
