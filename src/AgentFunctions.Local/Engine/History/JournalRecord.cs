using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Engine.History;

/// <summary>
/// What is committed together. A record is a list of sections, each about one run or entity, so that a change which touches several
/// (an orchestrator's turn and the entity it signalled) is in the journal as a whole or not at all.
/// </summary>
internal enum SectionKind : byte
{
    /// <summary>A turn of a run: its handle, the time, an input event, and the requests it led to.</summary>
    Turn = 1,

    /// <summary>An entity's state after an operation; the last one counts.</summary>
    Entity = 2,

    /// <summary>A run and its history are gone.</summary>
    Purge = 3,
}

/// <summary>A turn as it is read back.</summary>
/// <param name="Handle">The run's number in this journal.</param>
/// <param name="At">When it was handled: what the orchestrator saw as UtcNow.</param>
/// <param name="Input">What happened.</param>
/// <param name="Requests">What the orchestrator asked for.</param>
internal sealed record Turn(long Handle, DateTimeOffset At, InputEvent Input, IReadOnlyList<RequestEvent> Requests);

/// <summary>Writes and reads sections.</summary>
internal static class JournalRecord
{
    public static void WriteTurn(RecordWriter to, long handle, DateTimeOffset at, InputEvent input, IReadOnlyList<RequestEvent> requests)
    {
        to.Byte((byte)SectionKind.Turn);
        to.Integer(handle);
        to.Time(at);
        HistoryCodec.Write(to, input);
        to.Integer(requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            HistoryCodec.Write(to, requests[i]);
        }
    }

    public static void WriteEntity(RecordWriter to, EntityId entity, ReadOnlySpan<byte> state)
    {
        to.Byte((byte)SectionKind.Entity);
        HistoryCodec.WriteEntity(to, entity);
        to.Bytes(state);
    }

    public static void WritePurge(RecordWriter to, long handle)
    {
        to.Byte((byte)SectionKind.Purge);
        to.Integer(handle);
    }

    public static Turn ReadTurn(ref RecordReader from, bool payloads)
    {
        var handle = from.Integer();
        var at = from.Time();
        var input = HistoryCodec.Read(ref from, payloads) as InputEvent ?? throw from.Broken("a turn does not begin with an input");
        var count = from.Count();
        if (count == 0)
        {
            return new Turn(handle, at, input, []);
        }

        var requests = new List<RequestEvent>(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            requests.Add(HistoryCodec.Read(ref from, payloads) as RequestEvent ?? throw from.Broken("a turn has two inputs"));
        }

        return new Turn(handle, at, input, requests);
    }

    /// <summary>The start of a run's execution in its first record. What the first turn asked for, which may be much, is not read.</summary>
    public static ExecutionStarted StartOf(long handle, ReadOnlyMemory<byte> record)
    {
        var reader = new RecordReader(record.Span);
        if ((SectionKind)reader.Byte() == SectionKind.Turn && reader.Integer() == handle)
        {
            reader.Time();
            if (HistoryCodec.Read(ref reader, payloads: true) is ExecutionStarted started)
            {
                return started;
            }
        }

        return TurnsOf(handle, record, payloads: true).Select(t => t.Input).OfType<ExecutionStarted>().LastOrDefault() ?? throw reader.Broken($"the start of run {handle} is not in it");
    }

    /// <summary>The turns of one run in a record, in order.</summary>
    public static IEnumerable<Turn> TurnsOf(long handle, ReadOnlyMemory<byte> record, bool payloads)
    {
        var turns = new List<Turn>(1);
        var reader = new RecordReader(record.Span);
        while (!reader.AtEnd)
        {
            switch ((SectionKind)reader.Byte())
            {
                case SectionKind.Turn:
                    var turn = ReadTurn(ref reader, payloads);
                    if (turn.Handle == handle)
                    {
                        turns.Add(turn);
                    }

                    break;
                case SectionKind.Entity:
                    HistoryCodec.ReadEntity(ref reader);
                    reader.Bytes();
                    break;
                case SectionKind.Purge:
                    reader.Integer();
                    break;
                default:
                    throw reader.Broken("there is no such section");
            }
        }

        return turns;
    }
}
