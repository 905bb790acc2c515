using AgentFunctions.Core.Telemetry;
using Spectre.Console;

namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>Writes a timeline: a table of steps with bars, the critical path marked, and the totals under it.</summary>
internal sealed class TimelinePrinter(IAnsiConsole console)
{
    /// <summary>Writes it.</summary>
    /// <param name="timeline">The timeline.</param>
    public void Print(Timeline timeline)
    {
        console.WriteLine();
        if (timeline.Branches.Count > 0)
        {
            console.Write(Table(timeline));
        }

        var path = timeline.CriticalPath;
        Total("elapsed", Readable.Duration(timeline.Elapsed));
        Total("critical path *", $"{Readable.Duration(path.Total)} over {path.Steps.Count:N0} steps: {Readable.Duration(path.Run)} running, {Readable.Duration(path.Wait)} queued, {Readable.Duration(path.Pause)} paused, {Readable.Duration(path.Between)} in between");
        Total("one after the other", $"{Readable.Duration(timeline.Sequential)}{(timeline.Speedup is { } speedup ? $", so {speedup:0.0} times as fast" : "")}");
        Total("cost", Readable.Cost(timeline.Cost));
        Total("run", timeline.InstanceId);
    }

    private static Table Table(Timeline timeline)
    {
        var table = new Table { Border = TableBorder.Simple }
            .AddColumn(new TableColumn(""))
            .AddColumn(new TableColumn("step"))
            .AddColumn(new TableColumn("status"))
            .AddColumn(new TableColumn("wait").RightAligned().NoWrap())
            .AddColumn(new TableColumn("run").RightAligned().NoWrap())
            .AddColumn(new TableColumn("cost").RightAligned().NoWrap())
            .AddColumn(new TableColumn($"0 to {Readable.Duration(timeline.Elapsed)}").NoWrap());
        foreach (var row in TimelineRows.Of(timeline))
        {
            var style = row.Critical ? new Style(Color.Yellow) : Style.Plain;
            table.AddRow(
                new Text(row.Critical ? "*" : "", style),
                new Text(row.Title, style),
                new Text(row.Status),
                new Text(Readable.Duration(row.Wait)),
                new Text(Readable.Duration(row.Run)),
                new Text(row.Cost is { } cost ? Readable.Dollars(cost) : ""),
                new Text(TimelineBar.Draw(row.Offset, row.Wait, row.End, timeline.Elapsed), style));
        }

        return table;
    }

    private void Total(string name, string value) => console.WriteLine($"  {name,-20}{value}");
}
