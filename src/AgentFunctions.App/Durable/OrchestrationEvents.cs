using System.Text.Json;
using Microsoft.DurableTask;

namespace AgentFunctions.App.Durable;

/// <summary>
/// External events in the order of their arrival. The worker hands an event to the youngest wait, and to one that was cancelled just the same,
/// which loses it. So one wait by name is open at a time, it is never cancelled, and what it gets is handed out here.
/// </summary>
internal sealed class OrchestrationEvents(TaskOrchestrationContext inner)
{
    private readonly Dictionary<string, Named> byName = new(StringComparer.OrdinalIgnoreCase);
    private bool? forward;

    /// <summary>The next event of this name.</summary>
    public Task<JsonElement> NextAsync(string name, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<JsonElement>(cancellationToken);
        }

        if (!byName.TryGetValue(name, out var named))
        {
            byName.Add(name, named = new Named());
        }

        if (named.Early.TryDequeue(out var early))
        {
            return Task.FromResult(early);
        }

        var wait = new TaskCompletionSource<JsonElement>();
        cancellationToken.Register(() => wait.TrySetCanceled(cancellationToken));
        named.Waits.Enqueue(wait);
        if (!named.Listening)
        {
            _ = ListenAsync(name, named);
        }

        return wait.Task;
    }

    /// <summary>The execution ends and the next begins: events that nothing waited for go on to it, or are dropped.</summary>
    public void ContinueAsNew(bool preserve)
    {
        forward = preserve;
        foreach (var (name, named) in byName)
        {
            while (named.Early.TryDequeue(out var early))
            {
                Forward(name, early);
            }
        }
    }

    private async Task ListenAsync(string name, Named named)
    {
        named.Listening = true;
        while (true)
        {
            var payload = await inner.WaitForExternalEvent<JsonElement>(name);
            if (forward is not null)
            {
                Forward(name, payload);
                continue;
            }

            if (named.Waits.All(w => w.Task.IsCompleted))
            {
                named.Waits.Clear();
                named.Early.Enqueue(payload);
                break;
            }

            // The wait must leave the queue before its continuation runs, which may wait again.
            var open = named.Waits.Dequeue();
            while (open.Task.IsCompleted)
            {
                open = named.Waits.Dequeue();
            }

            if (named.Waits.All(w => w.Task.IsCompleted))
            {
                named.Waits.Clear();
                named.Listening = false;
                open.TrySetResult(payload);
                return;
            }

            open.TrySetResult(payload);
        }

        named.Listening = false;
    }

    private void Forward(string name, JsonElement payload)
    {
        if (forward == true)
        {
            inner.SendEvent(inner.InstanceId, name, payload);
        }
    }

    private sealed class Named
    {
        public Queue<JsonElement> Early { get; } = [];

        public Queue<TaskCompletionSource<JsonElement>> Waits { get; } = [];

        public bool Listening { get; set; }
    }
}
