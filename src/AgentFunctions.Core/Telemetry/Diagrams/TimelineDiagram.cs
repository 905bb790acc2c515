using System.Globalization;
using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>Draws any run from its history: each step, from the step whose end caused it. Pure.</summary>
internal static class TimelineDiagram
{
    // Mermaid draws at most 500 edges unless its page says otherwise (config.maxEdges).
    private const int MostSteps = 400;

    /// <summary>Draws a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its history.</param>
    public static string Of(RunState run, IReadOnlyList<HistoryStep> steps)
    {
        // Timeouts that did not happen would hide what did.
        List<HistoryStep> shown = [.. steps.Where(step => step is not { Kind: StepKind.Timer, Status: StepStatus.Cancelled })];
        var drawn = shown.Take(MostSteps).Select(step => step.Id).ToHashSet();
        var diagram = new StringBuilder("flowchart LR\n");
        var states = new List<(string, string)> { ("run", OfRun(run.RuntimeStatus)) };
        diagram.Append(CultureInfo.InvariantCulture, $"  run([\"{MermaidText.Of(run.Name)}<br/>{states[0].Item2}\"])\n");
        foreach (var step in shown.Take(MostSteps))
        {
            var (id, state) = ($"s{step.Id.ToString(CultureInfo.InvariantCulture)}", OfStep(step.Status));
            var (open, close) = Shape(step.Kind);
            diagram.Append("  ").Append(id).Append(open).Append('"').Append(MermaidText.Of(step.Label ?? step.Name));
            if (step.Label is not null) diagram.Append("<br/>").Append(MermaidText.Of(step.Name));
            diagram.Append("<br/>").Append(state).Append(Time(step)).Append('"').Append(close).Append('\n');
            var cause = step.CausedBy is { } before && drawn.Contains(before) ? $"s{before.ToString(CultureInfo.InvariantCulture)}" : "run";
            diagram.Append("  ").Append(cause).Append(" --> ").Append(id).Append('\n');
            states.Add((id, state));
        }

        if (shown.Count > MostSteps) diagram.Append(CultureInfo.InvariantCulture, $"  more[\"and {shown.Count - MostSteps} more steps\"]\n");
        DiagramStyle.Write(diagram, states);
        return diagram.ToString();
    }

    private static string Time(HistoryStep step) =>
        step.EndedAt is { } end ? string.Create(CultureInfo.InvariantCulture, $", {(end - (step.StartedAt ?? step.ScheduledAt)).TotalSeconds:0.000} s") : "";

    private static (string Open, string Close) Shape(StepKind kind) => kind switch
    {
        StepKind.SubOrchestration => ("[[", "]]"),
        StepKind.Timer => ("((", "))"),
        StepKind.EntityCall => ("[(", ")]"),
        StepKind.ExternalEvent => ("{{", "}}"),
        _ => ("[", "]"),
    };

    private static string OfStep(StepStatus status) => status switch
    {
        StepStatus.Completed => DiagramStyle.Succeeded,
        StepStatus.Failed => DiagramStyle.Failed,
        StepStatus.Cancelled => DiagramStyle.Cancelled,
        _ => DiagramStyle.Running,
    };

    private static string OfRun(RuntimeStatus status) => status switch
    {
        RuntimeStatus.Completed => DiagramStyle.Succeeded,
        RuntimeStatus.Failed => DiagramStyle.Failed,
        RuntimeStatus.Terminated => DiagramStyle.Cancelled,
        RuntimeStatus.Running or RuntimeStatus.ContinuedAsNew => DiagramStyle.Running,
        _ => DiagramStyle.Waiting,
    };
}
