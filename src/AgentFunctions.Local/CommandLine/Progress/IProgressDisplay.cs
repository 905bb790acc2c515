namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>Shows how far a run is while something else follows it.</summary>
internal interface IProgressDisplay
{
    /// <summary>How long from one picture to the next; null shows none.</summary>
    TimeSpan? Interval { get; }

    /// <summary>Whether what models say is shown as they say it.</summary>
    bool ShowsOutput => false;

    /// <summary>Shows a piece of text that follows the last; only within <see cref="ShowAsync"/>, and from any thread.</summary>
    /// <param name="piece">The piece; it may have line breaks.</param>
    void Say(string piece)
    {
    }

    /// <summary>Runs <paramref name="body"/>, and shows each snapshot that it reports.</summary>
    /// <typeparam name="T">What the body returns.</typeparam>
    /// <param name="body">What follows the run.</param>
    Task<T> ShowAsync<T>(Func<Action<ProgressSnapshot>, Task<T>> body);
}

/// <summary>Nothing: for output that a program reads.</summary>
internal sealed class NoProgress : IProgressDisplay
{
    public TimeSpan? Interval => null;

    public Task<T> ShowAsync<T>(Func<Action<ProgressSnapshot>, Task<T>> body) => body(_ => { });
}

/// <summary>A line a second: for files and pipes.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgressDisplay
{
    public TimeSpan? Interval => TimeSpan.FromSeconds(1);

    public Task<T> ShowAsync<T>(Func<Action<ProgressSnapshot>, Task<T>> body) => body(snapshot =>
    {
        output.WriteLine(snapshot);
        output.Flush();
    });
}
