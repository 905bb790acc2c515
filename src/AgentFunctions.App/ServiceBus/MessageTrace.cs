using System.Diagnostics;

namespace AgentFunctions.App.ServiceBus;

/// <summary>Continues the trace that a message carries (W3C Trace Context): <c>traceparent</c> and <c>tracestate</c>, or <c>Diagnostic-Id</c>, which the client libraries write.</summary>
internal static class MessageTrace
{
    /// <summary>The source of the app's activities.</summary>
    public static ActivitySource Source { get; } = new("AgentFunctions");

    /// <summary>The sender's span, or null where the message carries none that can be read; then the trace begins here, as the recommendation has it.</summary>
    public static ActivityContext? Parent(AgentTaskMessage message)
    {
        var parent = message.Text("traceparent") ?? message.Text("Diagnostic-Id");
        return ActivityContext.TryParse(parent, message.Text("tracestate"), isRemote: true, out var context) ? context : null;
    }

    /// <summary>The activity that a run is started in. Dispose it after the start.</summary>
    public static Activity? Start(AgentTaskMessage message)
    {
        var parent = Parent(message);
        if (Source.StartActivity("agent-tasks process", ActivityKind.Consumer, parent ?? default) is { } listened)
        {
            listened.SetTag("messaging.system", "servicebus");
            listened.SetTag("messaging.destination.name", "agent-tasks");
            listened.SetTag("messaging.operation.type", "process");
            listened.SetTag("messaging.message.id", message.MessageId);
            return listened;
        }

        // Nobody listens here; the run is to carry the sender's trace on all the same.
        return parent is { } context
            ? new Activity("agent-tasks process") { TraceStateString = context.TraceState }.SetParentId(context.TraceId, context.SpanId, context.TraceFlags).Start()
            : null;
    }
}
