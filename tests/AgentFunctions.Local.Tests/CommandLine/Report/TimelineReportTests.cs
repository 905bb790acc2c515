using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.CommandLine.Report;
using FsCheck;
using FsCheck.Fluent;
using Spectre.Console;

namespace AgentFunctions.Local.Tests.CommandLine.Report;

public sealed class TimelineReportTests
{
    [Fact]
    public void Rows_ThirtySteps_AreShownOneByOne() => Assert.Equal(30, TimelineRows.Of(Wide(30)).Count);

    [Fact]
    public void Rows_FiveThousandSteps_ShowTheCriticalPathTheLongestAndTheRestTogether()
    {
        var timeline = Wide(5_000);

        var rows = TimelineRows.Of(timeline);

        Assert.InRange(rows.Count, 2, TimelineRows.MostRows);
        Assert.Contains(rows, r => r.Critical);
        var rest = Assert.Single(rows, r => r.Title.Contains('×', StringComparison.Ordinal));
        Assert.Equal($"CallModel × {5_000 - (rows.Count - 1):N0}", rest.Title);
        Assert.Equal(timeline.Branches.Sum(b => b.Elapsed.Ticks), rows.Sum(r => r.Run.Ticks));
        Assert.Equal(timeline.Cost.Usd, rows.Sum(r => r.Cost?.Usd ?? 0));
        Assert.True(rows.Where(r => r != rest && !r.Critical).Min(r => r.Run) >= TimeSpan.FromMilliseconds(4_900), "A short step was shown and a long one was not.");
    }

    [Fact]
    public void Rows_FailedStepsPutTogether_AreCounted()
    {
        var steps = Enumerable.Range(0, 100).Select(i => RunCommandTests.Step(i, 0, 0, 1 + (i / 100.0)) with { Status = i % 2 == 0 ? StepStatus.Failed : StepStatus.Completed }).ToList();

        var rest = TimelineRows.Of(TimelineBuilder.Build(FakeHost.State(RuntimeStatus.Completed), steps)).Single(r => r.Title.Contains('×', StringComparison.Ordinal));

        Assert.Equal("40 Failed", rest.Status);
    }

    [Theory]
    [InlineData(0, 0, 10, 10, "████████████████████████████████████████")]
    [InlineData(0, 5, 10, 10, "····················████████████████████")]
    [InlineData(5, 0, 10, 10, "                    ████████████████████")]
    [InlineData(10, 0, 10, 10, "                                       █")]
    [InlineData(0, 0, 0, 10, "█                                       ")]
    [InlineData(0, 0, 0, 0, "█                                       ")]
    public void Bar_OfAStep_IsOnTheRunsScale(double offset, double wait, double end, double whole, string expected) =>
        Assert.Equal(expected, TimelineBar.Draw(TimeSpan.FromSeconds(offset), TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(end), TimeSpan.FromSeconds(whole)));

    [Fact]
    public void Bar_AnyDurations_HasItsWidthAndAMark() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNegativeInt>(), ArbMap.Default.ArbFor<NonNegativeInt>(), ArbMap.Default.ArbFor<Tuple<NonNegativeInt, NonNegativeInt>>(), (offset, wait, rest) =>
        {
            var bar = TimelineBar.Draw(new TimeSpan(offset.Get), new TimeSpan(wait.Get), new TimeSpan(rest.Item1.Get), new TimeSpan(rest.Item2.Get));
            Assert.Equal(TimelineBar.Width, bar.Length);
            Assert.Contains('█', bar);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Print_NamesWithMarkup_ArePrintedAsTheyAre()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 120;

        new TimelinePrinter(console).Print(TimelineBuilder.Build(FakeHost.State(RuntimeStatus.Completed), [RunCommandTests.Step(0, 0, 0, 1) with { Label = "calls[0]" }]));

        Assert.Contains("CallModel calls[0]", output.ToString(), StringComparison.Ordinal);
        Assert.All(output.ToString().Split(Environment.NewLine), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.0854, "85 ms")]
    [InlineData(0.9996, "1.0 s")]
    [InlineData(3.44, "3.4 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(3720, "1 h 02 min")]
    public void Duration_IsWrittenForPeople(double seconds, string expected) => Assert.Equal(expected, Readable.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Cost_Estimated_IsMarked()
    {
        Assert.Equal("~$0.0012, ~12,345 tokens", Readable.Cost(new Cost(12_000, 345, 0.0012m, Estimated: true)));
        Assert.Equal("$2.50, 3 tokens", Readable.Cost(new Cost(1, 2, 2.5m)));
    }

    private static Timeline Wide(int count) => TimelineBuilder.Build(
        FakeHost.State(RuntimeStatus.Completed) with { LastUpdatedTime = FakeHost.Created.AddSeconds(count) },
        [.. Enumerable.Range(0, count).Select(i => RunCommandTests.Step(i, 0, 0, 0.001 * (i + 1)) with { Cost = new Cost(1, 1, 0.01m) })]);
}
