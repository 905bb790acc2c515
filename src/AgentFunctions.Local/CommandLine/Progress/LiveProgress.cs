using Spectre.Console;

namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>A bar that is redrawn four times a second: for people.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    private const int Width = 30;

    public TimeSpan? Interval => TimeSpan.FromMilliseconds(250);

    public Task<T> ShowAsync<T>(Func<Action<ProgressSnapshot>, Task<T>> body) =>
        console.Live(new Text("starting…")).AutoClear(true).StartAsync(live => body(snapshot =>
        {
            live.UpdateTarget(Picture(snapshot));
            live.Refresh();
        }));

    private static Paragraph Picture(ProgressSnapshot snapshot)
    {
        var full = snapshot.Total == 0 ? 0 : (int)((long)snapshot.Done * Width / snapshot.Total);
        return new Paragraph()
            .Append(new string('█', full), new Style(Color.Green))
            .Append(new string('░', Width - full), new Style(Color.Grey))
            .Append($" {snapshot}");
    }
}
