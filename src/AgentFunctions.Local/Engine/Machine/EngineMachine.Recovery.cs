using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>After a restart: the journal is read once, from its beginning, and says what waits to be done.</summary>
internal sealed partial class EngineMachine
{
    /// <summary>Keeps book of one record. No orchestrator runs.</summary>
    public void Recover(JournalPosition position, ReadOnlySpan<byte> bytes)
    {
        try
        {
            Recover(position, new RecordReader(bytes));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The journal's record at {position} (segment:offset) passed its check, but can't be understood. {e.Message} Start the version that wrote it, or another data folder.", e);
        }
    }

    private void Recover(JournalPosition position, RecordReader reader)
    {
        while (!reader.AtEnd)
        {
            var before = reader.Position;
            switch ((SectionKind)reader.Byte())
            {
                case SectionKind.Turn:
                    Recover(position, JournalRecord.ReadTurn(ref reader, payloads: false), reader.Position - before);
                    break;
                case SectionKind.Entity:
                    var id = HistoryCodec.ReadEntity(ref reader);
                    var isRemoved = reader.Bytes().IsEmpty;
                    RecoverEntity(id, position, reader.Position - before, isRemoved);
                    break;
                case SectionKind.Purge:
                    if (byHandle.TryGetValue(reader.Integer(), out var purged))
                    {
                        Forget(purged);
                    }

                    break;
                default:
                    throw reader.Broken("there is no such section");
            }
        }
    }

    /// <summary>Takes up what was left undone: activities, timers, and messages between runs. Call it once, after the last record.</summary>
    public void ResumeWork(DateTimeOffset utcNow)
    {
        now = utcNow > now ? utcNow : now;
        foreach (var instance in byHandle.Values.OrderBy(i => i.Handle).ToList())
        {
            AddToParent(instance.ParentHandle, instance.Handle);
            if (instance.Status.IsFinal())
            {
                continue;
            }

            NoteIdle(instance);
            TakeUp(instance);
            if (instance.ParentHandle != 0 && byHandle.TryGetValue(instance.ParentHandle, out var parent) && IsOrphan(instance, parent))
            {
                internalMessages.Enqueue(new TerminateSubOrchestration(instance.Id, parent.Handle, $"Its parent '{parent.Id}' no longer waits for it."));
            }
        }
    }

    private static bool IsOrphan(Instance child, Instance parent) =>
        !parent.Pending.ContainsKey(child.ParentCallId) && (parent.Aborted || parent.Status is not (RuntimeStatus.Completed or RuntimeStatus.Failed));

    private void Recover(JournalPosition position, Turn turn, int bytes)
    {
        if (!byHandle.TryGetValue(turn.Handle, out var instance))
        {
            instance = new Instance(turn.Handle);
            byHandle.Add(turn.Handle, instance);
            lastHandle = Math.Max(lastHandle, turn.Handle);
        }

        if (turn.Input is ExecutionStarted)
        {
            needed -= instance.Bytes;
        }

        // A turn before any start is of an earlier execution, and compaction kept it for the custom status alone.
        if (turn.Input is ExecutionStarted || instance.Id.Length > 0)
        {
            instance.Apply(turn.At, turn.Input);
            instance.Apply(turn.Requests);
            byId[instance.Id] = instance;
        }

        instance.Committed(position, bytes, turn.Requests.Any(r => r is CustomStatusSet));
        needed += bytes;
        now = turn.At > now ? turn.At : now;
    }

    private void RecoverEntity(EntityId id, JournalPosition position, int bytes, bool isRemoved)
    {
        if (isRemoved)
        {
            if (entities.Remove(id, out var gone)) needed -= gone.Bytes;
            return;
        }

        if (!entities.TryGetValue(id, out var entity))
        {
            entities[id] = entity = new EntityRecord();
        }

        needed += bytes - entity.Bytes;
        entity.StateAt = position;
        entity.Bytes = bytes;
    }

    private void TakeUp(Instance instance)
    {
        foreach (var (callId, call) in instance.Pending)
        {
            if (call.Kind == PendingKind.Timer)
            {
                AddTimer(instance.Handle, callId, new DateTimeOffset(call.FireAt, TimeSpan.Zero));
                liveTimers++;
            }
        }

        if (instance.PendingWork == 0 && !instance.AwaitsContinuation)
        {
            return;
        }

        // Only now are payloads read, and only of runs that need them.
        foreach (var request in Snapshot(instance).Turns().SelectMany(t => t.Requests))
        {
            TakeUp(instance, request);
        }
    }

    private void TakeUp(Instance instance, RequestEvent request)
    {
        switch (request)
        {
            case ActivityScheduled e when instance.Pending.ContainsKey(e.CallId):
                effects.Add(new ActivityWork(instance, e.CallId, e.Name, e.Input));
                break;
            case EntityCalled e when instance.Pending.ContainsKey(e.CallId):
                WaitForEntity(instance, e);
                break;
            case EntitySignalled e when instance.EntityCalls?.FindLast(c => c.Entity == e.Entity) is { } call:
                call.Then.Add(e);
                break;
            case SubOrchestrationScheduled e when instance.Pending.ContainsKey(e.CallId):
                internalMessages.Enqueue(byId.TryGetValue(e.InstanceId, out var child) && child.ParentHandle == instance.Handle && child.ParentCallId == e.CallId && child.Status.IsFinal()
                    ? EndOf(child)
                    : new StartSubOrchestration(instance.Handle, e.CallId, e.Name, e.InstanceId, e.Input));
                break;
            case ContinuedAsNew e when instance.AwaitsContinuation:
                internalMessages.Enqueue(new ContinueExecution(instance.Handle, e.Input, e.CarriedEvents));
                break;
        }
    }

    private ActivityEnded EndOf(Instance child)
    {
        var last = Snapshot(child).LastTurn();
        return OutcomeOf(child, last.Input, last.Requests);
    }
}
