using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>A bar that is redrawn four times a second, and above it what models say: for people.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    private const int Width = 30;
    private readonly Lock gate = new();
    private LiveDisplayContext? live;
    private ProgressSnapshot? shown;
    private string line = "";

    public TimeSpan? Interval => TimeSpan.FromMilliseconds(250);

    public bool ShowsOutput => true;

    public Task<T> ShowAsync<T>(Func<Action<ProgressSnapshot>, Task<T>> body) =>
        console.Live(new Text("starting…")).AutoClear(true).StartAsync(async context =>
        {
            live = context;
            try
            {
                return await body(snapshot =>
                {
                    lock (gate)
                    {
                        shown = snapshot;
                        Redraw();
                    }
                });
            }
            finally
            {
                lock (gate)
                {
                    Keep(line);
                    (live, line) = (null, "");
                }
            }
        });

    /// <summary>Whole lines stay on the screen; the last is redrawn with the bar until it is whole too.</summary>
    public void Say(string piece)
    {
        lock (gate)
        {
            var lines = WrappedLines(line + piece);
            lines.SkipLast(1).ToList().ForEach(Keep);
            line = lines[^1];
            Redraw();
        }
    }

    private void Keep(string whole)
    {
        if (live is not null && whole.Length > 0)
        {
            console.Write(new Text(whole + Environment.NewLine));
        }
    }

    private void Redraw()
    {
        IRenderable bar = shown is { } snapshot ? Picture(snapshot) : new Text("starting…");
        live?.UpdateTarget(line.Length == 0 ? bar : new Rows(new Text(line), bar));
        live?.Refresh();
    }

    /// <summary>Lines no wider than the console, so that none is redrawn over another.</summary>
    private List<string> WrappedLines(string text)
    {
        List<string> lines = [];
        foreach (var whole in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = whole;
            while (rest.Length > console.Profile.Width)
            {
                var space = rest.LastIndexOf(' ', console.Profile.Width - 1);
                var end = space > 0 ? space : console.Profile.Width;
                lines.Add(rest[..end]);
                rest = rest[end..].TrimStart(' ');
            }

            lines.Add(rest);
        }

        return lines;
    }

    private static Paragraph Picture(ProgressSnapshot snapshot)
    {
        var full = snapshot.Total == 0 ? 0 : (int)((long)snapshot.Done * Width / snapshot.Total);
        return new Paragraph()
            .Append(new string('█', full), new Style(Color.Green))
            .Append(new string('░', Width - full), new Style(Color.Grey))
            .Append($" {snapshot}");
    }
}
