using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>
/// Draws runs as Mermaid flowcharts. Names of others can't break out of a diagram. A page that shows graphs of more than 500 edges or
/// diagrams of more than 50,000 characters must raise Mermaid's <c>maxEdges</c> and <c>maxTextSize</c>.
/// </summary>
public static class RunDiagram
{
    /// <summary>Draws a task graph as its input has it, in the colours of how its nodes stand; null for any other run.</summary>
    /// <param name="run">The run, with its payloads.</param>
    /// <param name="json">The catalog's options.</param>
    public static string? OfGraph(RunState run, JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(run);
        return TaskGraphDiagram.Of(run, json);
    }

    /// <summary>Draws any run from its history: its first 400 steps, each behind the one that caused it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its history, as <see cref="IRunClient.GetHistoryAsync"/> returns it.</param>
    public static string OfHistory(RunState run, IReadOnlyList<HistoryStep> steps)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(steps);
        return TimelineDiagram.Of(run, steps);
    }
}
