using System.Globalization;
using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Puts back the history that the extension's HTTP management API tells (<c>historyEvents</c>; DurableClient.cs of the extension writes it). It leaves
/// out event IDs, turns and the IDs of sub-orchestrations that have ended, and merges what was scheduled into how it ended. So IDs are given
/// anew, timers are matched by when they were due, and what was scheduled goes before the first event that is younger.
/// </summary>
internal sealed class HostHistoryEvents
{
    private readonly List<HistoryEvent> told = [];
    private readonly List<HistoryEvent> merged = [];
    private readonly Dictionary<DateTime, Queue<int>> timers = [];
    private int nextId;

    /// <summary>The events, in the order of history as far as it is known.</summary>
    /// <param name="events">The array; null or nothing for a run that has not begun.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static IList<HistoryEvent> Read(JsonElement events) => events.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        JsonValueKind.Array => new HostHistoryEvents().All(events),
        _ => throw new FormatException($"'historyEvents' is a JSON {events.ValueKind} and not an array."),
    };

    private List<HistoryEvent> All(JsonElement events)
    {
        foreach (var item in events.EnumerateArray())
        {
            if (Event(item) is { } read)
            {
                read.Timestamp = Time(item, "Timestamp");
                told.Add(read);
            }
        }

        return Ordered();
    }

    /// <summary>An event that needs not be understood is null.</summary>
    private HistoryEvent? Event(JsonElement item) => Text(item, "EventType") switch
    {
        nameof(EventType.ExecutionStarted) => new ExecutionStartedEvent(-1, Text(item, "Input")) { Name = Text(item, "FunctionName") },
        nameof(EventType.ExecutionCompleted) => new ExecutionCompletedEvent(-1, Raw(item, "Result"), Enum.TryParse<OrchestrationStatus>(Text(item, "OrchestrationStatus"), out var status) ? status : OrchestrationStatus.Completed, Failure(item)),
        nameof(EventType.ExecutionTerminated) => new ExecutionTerminatedEvent(-1, Text(item, "Input")),
        nameof(EventType.ExecutionSuspended) => new ExecutionSuspendedEvent(-1, Text(item, "Reason")),
        nameof(EventType.ExecutionResumed) => new ExecutionResumedEvent(-1, Text(item, "Reason")),
        nameof(EventType.TaskScheduled) => new TaskScheduledEvent(nextId++, Text(item, "Name") ?? "", null, Text(item, "Input")),
        nameof(EventType.TaskCompleted) => Scheduled(item) is { } task ? new TaskCompletedEvent(-1, task, Raw(item, "Result")) : null,
        nameof(EventType.TaskFailed) => Scheduled(item) is { } task ? new TaskFailedEvent(-1, task, Text(item, "Reason"), Text(item, "Details"), Failure(item)) : null,
        nameof(EventType.SubOrchestrationInstanceCreated) => Created(item, Text(item, "Name"), Text(item, "InstanceId")),
        nameof(EventType.SubOrchestrationInstanceCompleted) => ScheduledSub(item) is { } sub ? new SubOrchestrationInstanceCompletedEvent(-1, sub, Raw(item, "Result")) : null,
        nameof(EventType.SubOrchestrationInstanceFailed) => ScheduledSub(item) is { } sub ? new SubOrchestrationInstanceFailedEvent(-1, sub, Text(item, "Reason"), Text(item, "Details"), Failure(item)) : null,
        nameof(EventType.TimerCreated) => Timer(item),
        nameof(EventType.TimerFired) => timers.TryGetValue(Time(item, "FireAt"), out var due) && due.TryDequeue(out var timer) ? new TimerFiredEvent(-1, Time(item, "FireAt")) { TimerId = timer } : null,
        nameof(EventType.EventSent) => new EventSentEvent(nextId++) { InstanceId = Text(item, "InstanceId") ?? "", Name = Text(item, "Name"), Input = Text(item, "Input") },
        nameof(EventType.EventRaised) => new EventRaisedEvent(-1, Text(item, "Input")) { Name = Text(item, "Name") },
        _ => null,
    };

    /// <summary>The activity that has ended; null where the history says nothing of its beginning.</summary>
    private int? Scheduled(JsonElement end) => Merged(end, new TaskScheduledEvent(nextId, Text(end, "FunctionName") ?? "", null, Text(end, "Input")));

    private int? ScheduledSub(JsonElement end) => Merged(end, new SubOrchestrationInstanceCreatedEvent(nextId) { Name = Text(end, "FunctionName"), Input = Text(end, "Input"), InstanceId = IdIn(Text(end, "Input")) });

    private int? Merged(JsonElement end, HistoryEvent begin)
    {
        if (!end.TryGetProperty("ScheduledTime", out _))
        {
            return null;
        }

        begin.Timestamp = Time(end, "ScheduledTime");
        merged.Add(begin);
        return nextId++;
    }

    private SubOrchestrationInstanceCreatedEvent Created(JsonElement item, string? name, string? instanceId) => new(nextId++) { Name = name, InstanceId = instanceId, Input = Text(item, "Input") };

    private TimerCreatedEvent Timer(JsonElement item)
    {
        var due = Time(item, "FireAt");
        if (!timers.TryGetValue(due, out var waiting))
        {
            timers.Add(due, waiting = new Queue<int>());
        }

        waiting.Enqueue(nextId);
        return new TimerCreatedEvent(nextId++, due);
    }

    private List<HistoryEvent> Ordered()
    {
        // Stable: what was scheduled at one time stays in the order of its ends.
        var begins = new Queue<HistoryEvent>(merged.OrderBy(e => e.Timestamp));
        var waiting = merged.ToDictionary(e => e.EventId);
        var all = new List<HistoryEvent>(told.Count + merged.Count);
        foreach (var item in told)
        {
            while (begins.TryPeek(out var begin) && begin.Timestamp < item.Timestamp)
            {
                Take(begins.Dequeue());
            }

            // Clocks of two instances may differ, and an end comes after its beginning.
            if (EndOf(item) is { } id && waiting.TryGetValue(id, out var own))
            {
                Take(own);
            }

            all.Add(item);
        }

        return all;

        void Take(HistoryEvent begin)
        {
            if (waiting.Remove(begin.EventId))
            {
                all.Add(begin);
            }
        }
    }

    private static int? EndOf(HistoryEvent item) => item switch
    {
        TaskCompletedEvent e => e.TaskScheduledId,
        TaskFailedEvent e => e.TaskScheduledId,
        SubOrchestrationInstanceCompletedEvent e => e.TaskScheduledId,
        SubOrchestrationInstanceFailedEvent e => e.TaskScheduledId,
        _ => null,
    };

    private static string? IdIn(string? input)
    {
        if (string.IsNullOrEmpty(input))
        {
            return null;
        }

        try
        {
            return RunEnvelope.Open(JsonElement.Parse(input)).Header.Id;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FailureDetails? Failure(JsonElement item) =>
        item.TryGetProperty("FailureDetails", out var failure) && failure.ValueKind == JsonValueKind.Object ? Details(failure) : null;

    private static FailureDetails Details(JsonElement failure) => new(
        Text(failure, "ErrorType") ?? "Exception",
        Text(failure, "ErrorMessage") ?? "",
        null,
        failure.TryGetProperty("InnerFailure", out var inner) && inner.ValueKind == JsonValueKind.Object ? Details(inner) : null,
        failure.TryGetProperty("IsNonRetriable", out var final) && final.ValueKind == JsonValueKind.True);

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => value.GetRawText(),
        }
        : null;

    /// <summary>Results are told as JSON, where all else is told as the text that it was.</summary>
    private static string? Raw(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;

    private static DateTime Time(JsonElement item, string name) =>
        Text(item, name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : throw new FormatException($"The event {Text(item, "EventType")} has no time '{name}' that can be read.");
}
