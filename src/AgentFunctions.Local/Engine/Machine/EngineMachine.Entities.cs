using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Entities. An operation's new state is in the same record as the answer to its caller, so it applies once.</summary>
internal sealed partial class EngineMachine
{
    private void WaitForEntity(Instance caller, EntityCalled call)
    {
        (caller.EntityCalls ??= []).Add(new WaitingEntityCall(call.CallId, call.Entity));
        internalMessages.Enqueue(new ApplyEntityCall(caller.Handle, call.CallId, call.Entity, call.Operation, call.Input));
    }

    /// <summary>The execution ends: its calls that were not applied yet are not applied, what it signalled after them is.</summary>
    private void DropEntityCalls(Instance caller)
    {
        var calls = caller.EntityCalls ?? [];
        caller.EntityCalls = null;
        calls.ForEach(ApplyFollowing);
    }

    private void ApplyFollowing(WaitingEntityCall call) => call.Then.ForEach(s => ApplySignal(s.Entity, s.Operation, s.Input));

    private void CallEntity(ApplyEntityCall message)
    {
        if (!byHandle.TryGetValue(message.Handle, out var caller) || caller.EntityCalls?.Find(c => c.CallId == message.CallId) is not { } call)
        {
            return;
        }

        caller.EntityCalls.Remove(call);

        InputEvent answer;
        try
        {
            answer = new CallCompleted(message.CallId, Apply(message.Entity, message.Operation, message.Input), now);
        }
#pragma warning disable CA1031 // Whatever an operation throws is its caller's to handle.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = new CallFailed(message.CallId, FailureDetails.From(e, $"{message.Entity}.{message.Operation}"), now);
        }

        ApplyFollowing(call);
        RunTurn(caller, answer);
    }

    private void Signal(SignalEntity message)
    {
        if (!catalog.Entities.ContainsKey(message.Entity.Name))
        {
            Refuse(message, new EntityNotFoundException(message.Entity.Name));
            return;
        }

        ApplySignal(message.Entity, message.Operation, message.Input);
        Answer(message, true);
    }

    private void ApplySignal(EntityId entity, string operation, ReadOnlyMemory<byte> input)
    {
        try
        {
            Apply(entity, operation, input);
        }
#pragma warning disable CA1031 // Nobody waits for a signal's outcome; the log is where a person finds it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSignalFailed(loggers.CreateLogger("AgentFunctions.Entities"), entity.ToString(), operation, e);
        }
    }

    private ReadOnlyMemory<byte> Apply(EntityId entity, string operation, ReadOnlyMemory<byte> input)
    {
        if (!catalog.Entities.TryGetValue(entity.Name, out var definition))
        {
            throw new EntityNotFoundException(entity.Name);
        }

        var existing = entities.GetValueOrDefault(entity);
        var outcome = definition.Apply(operation, LoadState(entity, existing, definition), DurableJson.Parse(input), new EntityContext(entity, now), catalog.Json);
        var before = record.Length;
        if (outcome.State is null)
        {
            if (existing is not null) Remove(entity, existing);
            return outcome.Answer;
        }

        JournalRecord.WriteEntity(record, entity, definition.WriteState(outcome.State, catalog.Json).Span);
        var kept = existing ?? (entities[entity] = new EntityRecord());
        needed += record.Length - before - kept.Bytes;
        kept.State = outcome.State;
        kept.Bytes = record.Length - before;
        touchedEntities.Add(kept);
        return outcome.Answer;
    }

    /// <summary>Its last record has no state: what is read back from there is that it is gone.</summary>
    private void Remove(EntityId id, EntityRecord entity)
    {
        JournalRecord.WriteEntity(record, id, default);
        needed -= entity.Bytes;
        entities.Remove(id);
    }

    private object LoadState(EntityId id, EntityRecord? entity, IEntityDefinition definition) =>
        entity?.State ?? definition.ReadState(entity is null ? default : SavedState(id, entity), catalog.Json);

    private void Read(ReadEntity message)
    {
        ReadOnlyMemory<byte>? state;
        try
        {
            state = EntityState(message.Entity);
        }
        catch (Exception e) when (e is not JournalException)
        {
            // The entity's own code could not write its state.
            Refuse(message, e);
            return;
        }

        Answer(message, state);
    }

    private ReadOnlyMemory<byte>? EntityState(EntityId id)
    {
        if (!entities.TryGetValue(id, out var entity))
        {
            return null;
        }

        return entity.State is { } state && catalog.Entities.TryGetValue(id.Name, out var definition)
            ? definition.WriteState(state, catalog.Json)
            : SavedState(id, entity);
    }

    private ReadOnlyMemory<byte> SavedState(EntityId id, EntityRecord entity)
    {
        EnsureWritten(entity.StateAt!.Value);
        var reader = new RecordReader(journal.GetReader().Read(entity.StateAt!.Value).Span);
        ReadOnlyMemory<byte> last = default;
        while (!reader.AtEnd)
        {
            switch ((SectionKind)reader.Byte())
            {
                case SectionKind.Turn:
                    JournalRecord.ReadTurn(ref reader, payloads: false);
                    break;
                case SectionKind.Purge:
                    reader.Integer();
                    break;
                default:
                    var found = HistoryCodec.ReadEntity(ref reader);
                    var state = reader.Bytes();
                    last = found == id ? state.ToArray() : last;
                    break;
            }
        }

        return last;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The signal '{Operation}' to entity {Entity} failed; the entity is as it was.")]
    private static partial void LogSignalFailed(ILogger logger, string entity, string operation, Exception exception);
}
