using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Engine.History;

/// <summary>Writes and reads history events. The numbers are part of the journal's format: never reuse one.</summary>
internal static partial class HistoryCodec
{
    public static void Write(RecordWriter to, HistoryEvent item)
    {
        switch (item)
        {
            case ExecutionStarted e: to.Byte(1); WriteStarted(to, e); break;
            case EventRaised e: to.Byte(2); to.Text(e.Name); to.Bytes(e.Payload.Span); break;
            case CallCompleted e: to.Byte(3); to.Integer(e.CallId); to.Time(e.StartedAt); to.Bytes(e.Output.Span); break;
            case CallFailed e: to.Byte(4); to.Integer(e.CallId); to.Time(e.StartedAt); WriteFailure(to, e.Failure); break;
            case TimerFired e: to.Byte(5); to.Integer(e.CallId); break;
            case ExecutionSuspended e: to.Byte(6); to.OptionalText(e.Reason); break;
            case ExecutionResumed e: to.Byte(7); to.OptionalText(e.Reason); break;
            case ExecutionTerminated e: to.Byte(8); to.OptionalText(e.Reason); break;
            case ExecutionAborted e: to.Byte(9); WriteFailure(to, e.Failure); break;
            case ActivityScheduled e: to.Byte(20); to.Integer(e.CallId); to.Text(e.Name); to.OptionalText(e.Label); to.Bytes(e.Input.Span); break;
            case SubOrchestrationScheduled e: to.Byte(21); to.Integer(e.CallId); to.Text(e.Name); to.Text(e.InstanceId); to.OptionalText(e.Label); to.Bytes(e.Input.Span); break;
            case TimerCreated e: to.Byte(22); to.Integer(e.CallId); to.Time(e.FireAt); break;
            case EntityCalled e: to.Byte(23); to.Integer(e.CallId); WriteEntity(to, e.Entity); to.Text(e.Operation); to.Bytes(e.Input.Span); break;
            case CallCancelled e: to.Byte(24); to.Integer(e.CallId); break;
            case EntitySignalled e: to.Byte(25); WriteEntity(to, e.Entity); to.Text(e.Operation); to.Bytes(e.Input.Span); break;
            case CustomStatusSet e: to.Byte(26); to.Bytes(e.Status.Span); break;
            case ExecutionCompleted e: to.Byte(27); to.Bytes(e.Output.Span); break;
            case ExecutionFailed e: to.Byte(28); WriteFailure(to, e.Failure); break;
            case ContinuedAsNew e: to.Byte(29); to.Bytes(e.Input.Span); WriteCarried(to, e.CarriedEvents); break;
            default: throw new ArgumentException($"{item.GetType().Name} has no number in the journal's format.", nameof(item));
        }
    }

    /// <summary>Reads one event.</summary>
    /// <param name="from">The record.</param>
    /// <param name="payloads">False leaves inputs, outputs and payloads empty, which is all that an index needs.</param>
    public static HistoryEvent Read(ref RecordReader from, bool payloads)
    {
        var kind = from.Byte();
        return kind switch
        {
            1 => ReadStarted(ref from, payloads),
            2 => new EventRaised(from.Text(), Payload(ref from, payloads)),
            3 => ReadCompleted(ref from, payloads),
            4 => ReadFailed(ref from),
            5 => new TimerFired(from.Int32()),
            6 => new ExecutionSuspended(from.OptionalText()),
            7 => new ExecutionResumed(from.OptionalText()),
            8 => new ExecutionTerminated(from.OptionalText()),
            9 => new ExecutionAborted(ReadFailure(ref from)),
            20 => ReadActivity(ref from, payloads),
            21 => ReadSubOrchestration(ref from, payloads),
            22 => new TimerCreated(from.Int32(), from.Time()),
            23 => new EntityCalled(from.Int32(), ReadEntity(ref from), from.Text(), Payload(ref from, payloads)),
            24 => new CallCancelled(from.Int32()),
            25 => new EntitySignalled(ReadEntity(ref from), from.Text(), Payload(ref from, payloads)),
            26 => new CustomStatusSet(Payload(ref from, payloads)),
            27 => new ExecutionCompleted(Payload(ref from, payloads)),
            28 => new ExecutionFailed(ReadFailure(ref from)),
            29 => new ContinuedAsNew(Payload(ref from, payloads), ReadCarried(ref from, payloads)),
            _ => throw from.Broken($"{kind} is no kind of event"),
        };
    }

    public static void WriteEntity(RecordWriter to, EntityId entity)
    {
        to.Text(entity.Name);
        to.Text(entity.Key);
    }

    public static EntityId ReadEntity(ref RecordReader from)
    {
        var (name, key) = (from.Text(), from.Text());
        try
        {
            return new EntityId(name, key);
        }
        catch (ArgumentException e)
        {
            throw from.Broken($"it has no entity's address ({e.Message})");
        }
    }

    private static ReadOnlyMemory<byte> Payload(ref RecordReader from, bool payloads)
    {
        var bytes = from.Bytes();
        return payloads ? bytes.ToArray() : default(ReadOnlyMemory<byte>);
    }
}
