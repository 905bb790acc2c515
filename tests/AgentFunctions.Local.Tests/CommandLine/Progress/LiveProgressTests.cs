using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Local.CommandLine.Progress;
using Spectre.Console;

namespace AgentFunctions.Local.Tests.CommandLine.Progress;

public sealed class LiveProgressTests
{
    [Fact]
    public async Task Show_Snapshots_RedrawsABarAndReturnsWhatTheBodyReturns()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 120;

        var result = await new LiveProgress(console).ShowAsync(report =>
        {
            report(new ProgressSnapshot(TimeSpan.FromSeconds(3), 15, 30, 8, 7, new Cost(1_000, 200, 0.01m)));
            report(new ProgressSnapshot(TimeSpan.FromSeconds(4), 30, 30, 0, 0, new Cost(1_000, 200, 0.01m)));
            return Task.FromResult("ended");
        });

        Assert.Equal("ended", result);
        Assert.Contains(new string('█', 15) + new string('░', 15) + " 3.0 s: 15 of 30 steps done, 8 running, 7 queued, $0.01, 1,200 tokens", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(new string('█', 30), output.ToString(), StringComparison.Ordinal);
        Assert.Contains("4.0 s: 30 of 30 steps done, 0 running, $0.01", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Say_Pieces_KeepsWholeLinesAboveTheBar()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 20;
        var progress = new LiveProgress(console);
        await progress.ShowAsync(_ =>
        {
            progress.Say("The canal ");
            progress.Say("joins two seas [and]");
            progress.Say("\nEnd.");
            return Task.FromResult(0);
        });

        var text = output.ToString();
        Assert.Contains("The canal joins two", text, StringComparison.Ordinal);
        Assert.Contains("seas [and]", text, StringComparison.Ordinal);
        Assert.Contains("End.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Output_ShowsTurnsTokensCallsAndGaps()
    {
        RunOutputEntry[] entries =
        [
            new(1, RunOutputKinds.Turn, """{"turn":2,"callId":3,"model":"m"}"""u8.ToArray()),
            new(2, RunOutputKinds.Token, """{"turn":2,"text":"Hel"}"""u8.ToArray()),
            new(3, RunOutputKinds.Token, """{"turn":2,"text":"lo"}"""u8.ToArray()),
            new(4, RunOutputKinds.ToolCall, """{"turn":2,"call":{"id":"a","tool":"echo","arguments":{"value":1}}}"""u8.ToArray()),
            new(5, "other", "1"u8.ToArray()),
        ];

        Assert.Equal("\n[turn 2] Hello\n→ echo {\"value\":1}\n", OutputText.Of(new RunOutputPage(Gap: null, entries)));
        Assert.Equal("\n… (some output is missing)\n", OutputText.Of(new RunOutputPage(Gap: 7, [])));
    }

    [Fact]
    public void Of_History_CountsWorkAndNotTimersOrEvents()
    {
        HistoryStep[] steps =
        [
            RunCommandTests.Step(0, 0, 0, 1) with { Cost = new Cost(1, 2, 0.5m) },
            RunCommandTests.Step(1, 0, 0, null),
            RunCommandTests.Step(2, 0, null, null),
            RunCommandTests.Step(3, 0, null, null) with { Kind = StepKind.Timer },
            RunCommandTests.Step(4, 0, null, null) with { Kind = StepKind.ExternalEvent },
            RunCommandTests.Step(5, 0, 0, 1) with { Status = StepStatus.Cancelled },
        ];

        Assert.Equal(new ProgressSnapshot(TimeSpan.FromSeconds(9), 2, 6, 1, 1, new Cost(1, 2, 0.5m)), ProgressSnapshot.Of(steps, TimeSpan.FromSeconds(9)));
    }
}
