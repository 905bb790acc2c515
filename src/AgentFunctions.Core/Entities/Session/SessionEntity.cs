using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Entities.Session;

/// <summary>
/// An agent's conversation across runs, by the session's ID. A run reads where it stands and appends where it has come to; if another run has appended in between,
/// the append is refused with where the session stands now, so that neither is lost (optimistic concurrency: Kung and Robinson 1981).
/// </summary>
public sealed class SessionEntity : Entity<SessionState>
{
    /// <summary>The registered name.</summary>
    public const string Name = "session";

    /// <summary>How many entries the log keeps: 200.</summary>
    public const int MostEntries = 200;

    /// <summary>Makes the entity.</summary>
    public SessionEntity()
    {
        On(Get, (state, _, _) => (state, Head(state)));
        On(Append, Add);
    }

    /// <summary>Answers where the conversation stands. The input is not looked at.</summary>
    public static EntityOperation<int, SessionHead> Get { get; } = new("get");

    /// <summary>Appends where a run has come to, unless the version is no longer the expected one. The same run's same append is accepted again and changes nothing.</summary>
    public static EntityOperation<SessionAppend, SessionWrite> Append { get; } = new("append");

    /// <inheritdoc/>
    protected override SessionState InitialState { get; } = new();

    private static (SessionState State, SessionWrite Answer) Add(SessionState state, SessionAppend append, EntityContext context)
    {
        var head = Head(state);
        if (head.Version != append.ExpectedVersion)
        {
            var isMine = string.Equals(head.Run, append.Run, StringComparison.Ordinal) && head.Head == append.Head && head.Version == append.ExpectedVersion + 1;
            return (state, new SessionWrite(isMine, head));
        }

        var entry = new SessionEntry(state.Version + 1, append.Head, append.Run, context.UtcNow);
        var next = new SessionState { Version = entry.Version, Log = [.. state.Log.TakeLast(MostEntries - 1), entry] };
        return (next, new SessionWrite(true, Head(next)));
    }

    private static SessionHead Head(SessionState state) => new(state.Version, state.Log.LastOrDefault()?.Head, state.Log.LastOrDefault()?.Run);
}
