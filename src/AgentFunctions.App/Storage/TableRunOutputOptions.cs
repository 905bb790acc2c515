namespace AgentFunctions.App.Storage;

/// <summary>How <see cref="TableRunOutput"/> gathers, keeps and reads.</summary>
internal sealed record TableRunOutputOptions
{
    /// <summary>For how long output is gathered before it is written as one row. Default: 200 ms.</summary>
    public TimeSpan Gathering { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a reader looks after it has found something. Default: 250 ms.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How seldom a reader looks where nothing comes: the time from look to look doubles up to this. Default: 2 s.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long rows are kept. Default: 1 day.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many bytes of one run wait to be written at most; more is lost, and the next row says so. Default: 4 MiB.</summary>
    public int MostWaitingBytes { get; init; } = 4 << 20;
}
