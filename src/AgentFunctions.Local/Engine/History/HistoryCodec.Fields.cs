using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Local.Engine.History;

/// <summary>The events with more fields than fit a line.</summary>
internal static partial class HistoryCodec
{
    private const int PermanentBit = 1;
    private const int RetryAfterBit = 2;

    // Of the byte that has the lane in its lower bits.
    private const int UsdBit = 0x40;
    private const int TokensBit = 0x80;

    private static void WriteStarted(RecordWriter to, ExecutionStarted e)
    {
        to.Text(e.InstanceId);
        to.Text(e.Name);
        to.Time(e.CreatedAt);
        to.Byte((byte)((int)e.Priority | (e.Budget?.Usd is null ? 0 : UsdBit) | (e.Budget?.Tokens is null ? 0 : TokensBit)));
        if (e.Budget?.Usd is { } usd) to.Text(usd.ToString(CultureInfo.InvariantCulture));
        if (e.Budget?.Tokens is { } tokens) to.Integer(tokens);
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
        var (instanceId, name, createdAt) = (from.Text(), from.Text(), from.Time());
        var (priority, budget) = ReadPriority(ref from);
        return new ExecutionStarted
        {
            InstanceId = instanceId,
            Name = name,
            CreatedAt = createdAt,
            Priority = priority,
            Budget = budget,
            ParentInstanceId = from.OptionalText(),
            ParentHandle = from.Integer(),
            ParentCallId = from.Int32(),
            FirstCallId = from.Int32(),
            FirstSequence = from.Integer(),
            Input = Payload(ref from, payloads),
            CarriedEvents = ReadCarried(ref from, payloads),
        };
    }

    private static (RunPriority Priority, BudgetLimit? Budget) ReadPriority(ref RecordReader from)
    {
        var bits = from.Byte();
        var priority = (RunPriority)(bits & ~(UsdBit | TokensBit));
        if (!Enum.IsDefined(priority)) throw from.Broken($"{priority} is no priority");
        decimal? usd = (bits & UsdBit) == 0 ? null : ReadUsd(ref from);
        long? tokens = (bits & TokensBit) == 0 ? null : from.Integer();
        return (priority, usd is null && tokens is null ? null : new BudgetLimit { Usd = usd, Tokens = tokens });
    }

    private static decimal ReadUsd(ref RecordReader from)
    {
        var text = from.Text();
        return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var usd) ? usd : throw from.Broken($"'{text}' is no amount of money");
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
