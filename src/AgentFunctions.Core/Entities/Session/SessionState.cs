using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Entities.Session;

/// <summary>A session's state: an append-only log of where the conversation stood after each run.</summary>
public sealed record SessionState
{
    /// <summary>How often something was appended. Default: 0.</summary>
    public long Version { get; init; }

    /// <summary>The newest entries, the oldest of them first: at most <see cref="SessionEntity.MostEntries"/>. What is older is still in the conversation itself, which is a chain.</summary>
    public IReadOnlyList<SessionEntry> Log { get; init; } = [];
}

/// <summary>Where the conversation stood after a run.</summary>
/// <param name="Version">The entry's number, from 1.</param>
/// <param name="Head">The conversation's newest delta.</param>
/// <param name="Run">The run that appended it.</param>
/// <param name="At">When.</param>
public sealed record SessionEntry(long Version, ContentRef Head, string Run, DateTimeOffset At);

/// <summary>Where a session's conversation stands.</summary>
/// <param name="Version">How often something was appended.</param>
/// <param name="Head">The conversation's newest delta, or null where nothing was said yet.</param>
/// <param name="Run">The run that appended it, or null where nothing was said yet.</param>
public sealed record SessionHead(long Version, ContentRef? Head, string? Run);

/// <summary>What to append to a session.</summary>
/// <param name="ExpectedVersion">The version that the run started from.</param>
/// <param name="Head">The conversation's newest delta.</param>
/// <param name="Run">The run.</param>
public sealed record SessionAppend(long ExpectedVersion, ContentRef Head, string Run);

/// <summary>What became of an append.</summary>
/// <param name="Accepted">Whether it was appended; otherwise another run came first, and the session is as that one left it.</param>
/// <param name="Session">Where the session stands now.</param>
public sealed record SessionWrite(bool Accepted, SessionHead Session);
