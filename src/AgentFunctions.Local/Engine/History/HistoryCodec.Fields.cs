using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Engine.History;

/// <summary>The events with more fields than fit a line.</summary>
internal static partial class HistoryCodec
{
    private const int PermanentBit = 1;
    private const int RetryAfterBit = 2;

    private static void WriteStarted(RecordWriter to, ExecutionStarted e)
    {
        to.Text(e.InstanceId);
        to.Text(e.Name);
        to.Time(e.CreatedAt);
        to.Byte((byte)e.Priority);
        to.OptionalText(e.ParentInstanceId);
        to.Integer(e.ParentHandle);
        to.Integer(e.ParentCallId);
        to.Integer(e.FirstCallId);
        to.Integer(e.FirstSequence);
        to.Bytes(e.Input.Span);
        WriteCarried(to, e.CarriedEvents);
    }

    private static ExecutionStarted ReadStarted(ref RecordReader from, bool payloads)
    {
        return new ExecutionStarted
        {
            InstanceId = from.Text(),
            Name = from.Text(),
            CreatedAt = from.Time(),
            Priority = ReadPriority(ref from),
            ParentInstanceId = from.OptionalText(),
            ParentHandle = from.Integer(),
            ParentCallId = from.Int32(),
            FirstCallId = from.Int32(),
            FirstSequence = from.Integer(),
            Input = Payload(ref from, payloads),
            CarriedEvents = ReadCarried(ref from, payloads),
        };
    }

    private static RunPriority ReadPriority(ref RecordReader from)
    {
        var priority = (RunPriority)from.Byte();
        return Enum.IsDefined(priority) ? priority : throw from.Broken($"{priority} is no priority");
    }

    private static void WriteCarried(RecordWriter to, IReadOnlyList<EventRaised> events)
    {
        to.Integer(events.Count);
        foreach (var carried in events)
        {
            to.Text(carried.Name);
            to.Bytes(carried.Payload.Span);
        }
    }

    private static List<EventRaised> ReadCarried(ref RecordReader from, bool payloads)
    {
        var count = from.Count();
        var carried = new List<EventRaised>(Math.Min(count, 16));
        for (var i = 0; i < count; i++)
        {
            carried.Add(new EventRaised(from.Text(), Payload(ref from, payloads)));
        }

        return carried;
    }

    private static CallCompleted ReadCompleted(ref RecordReader from, bool payloads)
    {
        var call = from.Int32();
        var startedAt = from.Time();
        return new CallCompleted(call, Payload(ref from, payloads), startedAt);
    }

    private static CallFailed ReadFailed(ref RecordReader from)
    {
        var call = from.Int32();
        var startedAt = from.Time();
        return new CallFailed(call, ReadFailure(ref from), startedAt);
    }

    private static ActivityScheduled ReadActivity(ref RecordReader from, bool payloads)
    {
        var call = from.Int32();
        var name = from.Text();
        var label = from.OptionalText();
        return new ActivityScheduled(call, name, Payload(ref from, payloads), label);
    }

    private static SubOrchestrationScheduled ReadSubOrchestration(ref RecordReader from, bool payloads)
    {
        var call = from.Int32();
        var name = from.Text();
        var instance = from.Text();
        var label = from.OptionalText();
        return new SubOrchestrationScheduled(call, name, instance, Payload(ref from, payloads), label);
    }

    private static void WriteFailure(RecordWriter to, FailureDetails failure)
    {
        to.Text(failure.Type);
        to.Text(failure.Message);
        to.Byte((byte)((failure.Permanent ? PermanentBit : 0) | (failure.RetryAfter is null ? 0 : RetryAfterBit)));
        to.Integer(failure.RetryAfter?.Ticks ?? 0);
        to.OptionalText(failure.Step);
    }

    private static FailureDetails ReadFailure(ref RecordReader from)
    {
        var type = from.Text();
        var message = from.Text();
        var bits = from.Byte();
        var retryAfter = from.Integer();
        return new FailureDetails
        {
            Type = type,
            Message = message,
            Permanent = (bits & PermanentBit) != 0,
            RetryAfter = (bits & RetryAfterBit) == 0 ? null : TimeSpan.FromTicks(retryAfter),
            Step = from.OptionalText(),
        };
    }
}
