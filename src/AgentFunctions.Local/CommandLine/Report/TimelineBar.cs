namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>Draws when a step waited and ran on a scale of the whole run: <c>  ···████  </c>.</summary>
internal static class TimelineBar
{
    /// <summary>How wide a bar is, in characters.</summary>
    public const int Width = 40;

    private const char Idle = ' ';
    private const char Waiting = '·';
    private const char Running = '█';

    /// <summary>The bar; what ran at all has at least one mark.</summary>
    /// <param name="offset">From the run's start to being asked for.</param>
    /// <param name="wait">In the queue.</param>
    /// <param name="end">From the run's start to the end.</param>
    /// <param name="whole">The run's elapsed time.</param>
    public static string Draw(TimeSpan offset, TimeSpan wait, TimeSpan end, TimeSpan whole)
    {
        var (asked, began, ended) = (Column(offset, whole), Column(offset + wait, whole), Column(end, whole));
        began = Math.Min(began, Width - 1);
        ended = Math.Clamp(ended, began + 1, Width);
        return string.Create(Width, (asked, began, ended), static (bar, at) =>
        {
            for (var i = 0; i < bar.Length; i++)
            {
                bar[i] = i >= at.began && i < at.ended ? Running : i >= at.asked && i < at.began ? Waiting : Idle;
            }
        });
    }

    private static int Column(TimeSpan at, TimeSpan whole) => whole <= TimeSpan.Zero ? 0 : (int)Math.Clamp(at / whole * Width, 0, Width);
}
