using System.Text;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>The states of a node in a diagram: each has a colour, and a word, for those who do not see it. Pure.</summary>
internal static class DiagramStyle
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Skipped = "skipped";

    private static readonly (string State, string Style)[] styles =
    [
        (Waiting, "fill:#ffffff,stroke:#6b7280,color:#111827"),
        (Running, "fill:#dbeafe,stroke:#1d4ed8,color:#111827,stroke-width:3px"),
        (Succeeded, "fill:#dcfce7,stroke:#15803d,color:#111827"),
        (Failed, "fill:#fee2e2,stroke:#b91c1c,color:#111827,stroke-width:3px"),
        (Cancelled, "fill:#ffedd5,stroke:#c2410c,color:#111827"),
        (Skipped, "fill:#f3f4f6,stroke:#9ca3af,color:#4b5563,stroke-dasharray:5 5"),
    ];

    /// <summary>Writes the classes, and which nodes have them.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="states">The nodes' IDs with their states.</param>
    public static void Write(StringBuilder diagram, IReadOnlyCollection<(string Id, string State)> states)
    {
        var byState = states.ToLookup(it => it.State, it => it.Id, StringComparer.Ordinal);
        foreach (var (state, style) in styles.Where(style => byState.Contains(style.State)))
        {
            diagram.Append("  classDef ").Append(state).Append(' ').Append(style).Append('\n')
                .Append("  class ").AppendJoin(',', byState[state]).Append(' ').Append(state).Append('\n');
        }
    }
}
