using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry.Diagrams;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Telemetry.Diagrams;

public sealed class RunDiagramTests
{
    private const string Graph = """
        {"nodes":[
          {"key":"fetch","tool":{"name":"http_get"}},
          {"key":"ok","condition":{"path":"fetch.status","op":"lt","value":300}},
          {"key":"ask","approval":{"title":"t"}},
          {"key":"sum","model":{"prompt":"p"}},
          {"key":"loop","repeat":{"body":{"nodes":[{"key":"x","tool":{"name":"t"}}]},"until":{"path":"x","op":"exists"},"maxIterations":3}}],
         "edges":[{"from":"fetch","to":"ok"},{"from":"ok","to":"ask","when":{"path":"ok","op":"eq","value":true}},{"from":"ok","to":"sum"},{"from":"sum","to":"loop"}]}
        """;

    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ScriptedWorld world = new();

    [Fact]
    public void OfGraph_RunningGraph_HasNodesEdgesAndStates()
    {
        var diagram = Draw(Graph, RuntimeStatus.Running, """{"nodes":"ssrfw"}""");
        Assert.Equal(
            """
            flowchart TD
              n0["fetch<br/>tool http_get<br/>succeeded"]
              n1{"ok<br/>fetch.status #60; 300<br/>succeeded"}
              n2{{"ask<br/>approval<br/>running"}}
              n3(["sum<br/>model balanced<br/>failed"])
              n4[/"loop<br/>repeat up to 3 times until x exists<br/>waiting"/]
              n0 --> n1
              n1 -->|"ok #61; true"| n2
              n1 --> n3
              n3 --> n4
              subgraph n4body["each time"]
                n4b0["x<br/>tool t"]
              end
              n4 -.-> n4b0
              classDef waiting fill:#ffffff,stroke:#6b7280,color:#111827
              class n4 waiting
              classDef running fill:#dbeafe,stroke:#1d4ed8,color:#111827,stroke-width:3px
              class n2 running
              classDef succeeded fill:#dcfce7,stroke:#15803d,color:#111827
              class n0,n1 succeeded
              classDef failed fill:#fee2e2,stroke:#b91c1c,color:#111827,stroke-width:3px
              class n3 failed

            """,
            diagram);
    }

    [Fact]
    public void OfGraph_EndedGraph_GoesByTheResult()
    {
        var run = Run(Graph, RuntimeStatus.Completed, """{"nodes":"wwwww"}""") with { Output = JsonElement.Parse("""{"nodes":[{"status":"Succeeded"},{"status":"TimedOut"},{"status":"Skipped"},{"status":"Cancelled"},{"status":"Succeeded"}]}""") };
        var diagram = RunDiagram.OfGraph(run, world.Json)!;
        Assert.Contains("class n0,n4 succeeded", diagram, StringComparison.Ordinal);
        Assert.Contains("class n1 failed", diagram, StringComparison.Ordinal);
        Assert.Contains("class n2 skipped", diagram, StringComparison.Ordinal);
        Assert.Contains("class n3 cancelled", diagram, StringComparison.Ordinal);
    }

    [Fact]
    public void OfGraph_TerminatedWhileRunning_ShowsWhatRanAsCancelled() =>
        Assert.Contains("class n2 cancelled", Draw(Graph, RuntimeStatus.Terminated, """{"nodes":"ssrww"}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("ToolFanOut", """{"calls":[]}""")]
    [InlineData("TaskGraph", """{"steps":[]}""")]
    public void OfGraph_NoGraph_IsLeftToTheHistory(string name, string input) =>
        Assert.Null(RunDiagram.OfGraph(Run(input, RuntimeStatus.Running, "{}") with { Name = name }, world.Json));

    [Theory]
    [InlineData("\"] --> evil[\"x")]
    [InlineData("%%{init: {\"securityLevel\":\"loose\"}}%%")]
    [InlineData("$$x$$ `**bold**` <script>alert(1)</script> &lt; #quot; \n click n0 \"javascript:x\" \\n ; | {} style:#f00;")]
    public void OfGraph_HostileNames_StayInTheirLabels(string name)
    {
        var json = JsonSerializer.Serialize(new { nodes = new[] { new { key = "a", tool = new { name } } } });
        var lines = Draw(json, RuntimeStatus.Running, "{}").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Matches("^  n0\\[\"a<br/>tool ([\\p{L}\\p{Nd} .,_()…＄-]|#[0-9]+;)+<br/>waiting\"\\]$", lines[1]);
    }

    [Fact]
    public void OfHistory_Steps_HangOnTheirCauses()
    {
        HistoryStep[] steps =
        [
            Step(1, StepKind.Activity, "CallTool", StepStatus.Completed, null) with { Label = "a", EndedAt = start.AddSeconds(1.5) },
            Step(2, StepKind.Timer, "timer", StepStatus.Cancelled, null),
            Step(3, StepKind.SubOrchestration, "FanOutSlice", StepStatus.Running, 1),
            Step(4, StepKind.Activity, "CallModel", StepStatus.Failed, 2),
        ];
        Assert.Equal(
            """
            flowchart LR
              run(["ToolFanOut<br/>running"])
              s1["a<br/>CallTool<br/>succeeded, 1.500 s"]
              run --> s1
              s3[["FanOutSlice<br/>running"]]
              s1 --> s3
              s4["CallModel<br/>failed"]
              run --> s4
              classDef running fill:#dbeafe,stroke:#1d4ed8,color:#111827,stroke-width:3px
              class run,s3 running
              classDef succeeded fill:#dcfce7,stroke:#15803d,color:#111827
              class s1 succeeded
              classDef failed fill:#fee2e2,stroke:#b91c1c,color:#111827,stroke-width:3px
              class s4 failed

            """,
            RunDiagram.OfHistory(Run("{}", RuntimeStatus.Running, "{}") with { Name = "ToolFanOut" }, steps));
    }

    [Fact]
    public void OfHistory_ManySteps_SaysHowManyAreNotShown()
    {
        var diagram = RunDiagram.OfHistory(Run("{}", RuntimeStatus.Running, "{}"), [.. Enumerable.Range(0, 1_000).Select(i => Step(i, StepKind.Activity, "CallTool", StepStatus.Completed, null))]);
        Assert.Contains("and 600 more steps", diagram, StringComparison.Ordinal);
        Assert.True(diagram.Length < 50_000, $"{diagram.Length} characters");
    }

    private string Draw(string input, RuntimeStatus status, string customStatus) => RunDiagram.OfGraph(Run(input, status, customStatus), world.Json)!;

    private static RunState Run(string input, RuntimeStatus status, string customStatus) => new()
    {
        Name = "TaskGraph",
        InstanceId = "run",
        RuntimeStatus = status,
        Input = JsonElement.Parse(input),
        CustomStatus = JsonElement.Parse(customStatus),
        CreatedTime = start,
        LastUpdatedTime = start,
    };

    private static HistoryStep Step(int id, StepKind kind, string name, StepStatus status, int? cause) => new() { Id = id, Kind = kind, Name = name, Status = status, ScheduledAt = start, CausedBy = cause };
}
