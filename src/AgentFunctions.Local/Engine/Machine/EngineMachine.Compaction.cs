using System.Buffers;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Compaction: when most of the journal is history that nothing needs, what is needed is written anew and the rest is dropped.</summary>
internal sealed partial class EngineMachine
{
    private long needed;
    private long neededAtCompaction;
    private long unavoidable;

    /// <summary>Whether compaction is worth its while. What surrounds small records (frames, headers, purges) counts as useless too, or it would be kept for ever.</summary>
    public bool WantsCompaction => Useless - unavoidable > options.CompactionBytes && Useless > journal.TotalBytes / 2;

    private long Useless => journal.TotalBytes - needed;

    /// <summary>Captures what is needed now. Runs and entities that change meanwhile write to later segments, which this compaction does not touch.</summary>
    public (JournalCompaction Compaction, RewriteRecord Rewrite) BeginCompaction()
    {
        neededAtCompaction = needed;
        var runs = byHandle.Values.ToDictionary(i => i.Handle, i => new NeededOfRun(i.Positions.First, i.CustomStatusAt));
        var stateOf = entities.ToDictionary(e => e.Key, e => e.Value.StateAt!.Value);
        return (journal.BeginCompaction(), (position, record, output) => KeepNeeded(position, record, output, runs, stateOf));
    }

    /// <summary>Follows the records to where they are now.</summary>
    public void CompleteCompaction(JournalCompaction compaction)
    {
        var moved = compaction.Complete();
        foreach (var instance in byHandle.Values)
        {
            instance.Relocate(Now);
        }

        foreach (var entity in entities.Values)
        {
            entity.StateAt = Now(entity.StateAt!.Value);
        }

        unavoidable = Math.Max(0, compaction.BytesAfter - neededAtCompaction);

        JournalPosition Now(JournalPosition before) =>
            moved.TryMap(before, out var now) ? now : throw new InvalidOperationException($"Compaction dropped the record at {before}, which is still needed. This is a defect of the engine; the journal's new segments must not be used.");
    }

    /// <summary>Gives up a compaction that failed; the next one is tried when as much again has become useless.</summary>
    public void ForgoCompaction() => unavoidable = Useless;

    private static bool KeepNeeded(JournalPosition position, ReadOnlySpan<byte> record, IBufferWriter<byte> output, Dictionary<long, NeededOfRun> runs, Dictionary<EntityId, JournalPosition> stateOf)
    {
        var kept = false;
        var reader = new RecordReader(record);
        while (!reader.AtEnd)
        {
            var from = reader.Position;
            var keep = (SectionKind)reader.Byte() switch
            {
                SectionKind.Turn => runs.TryGetValue(JournalRecord.ReadTurn(ref reader, payloads: false).Handle, out var run) && run.Includes(position),
                SectionKind.Entity => IsLastState(ref reader, position, stateOf),
                SectionKind.Purge => SkipPurge(ref reader),
                _ => throw reader.Broken("there is no such section"),
            };
            if (keep)
            {
                output.Write(record[from..reader.Position]);
                kept = true;
            }
        }

        return kept;
    }

    private static bool IsLastState(ref RecordReader reader, JournalPosition position, Dictionary<EntityId, JournalPosition> stateOf)
    {
        var id = HistoryCodec.ReadEntity(ref reader);
        reader.Bytes();
        return stateOf.TryGetValue(id, out var at) && at == position;
    }

    private static bool SkipPurge(ref RecordReader reader)
    {
        // All that a purge removes is in records before it, and those are dropped with it.
        reader.Integer();
        return false;
    }

    /// <summary>The turns of a run that are needed: those of its current execution, and the one that last set the custom status, which outlives executions.</summary>
    private sealed record NeededOfRun(JournalPosition First, JournalPosition? CustomStatusAt)
    {
        public bool Includes(JournalPosition position) => position >= First || position == CustomStatusAt;
    }
}
