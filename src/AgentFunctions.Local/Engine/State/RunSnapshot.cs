using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.State;

/// <summary>A run at one moment, readable from any thread: history is immutable, so where it is is enough.</summary>
internal sealed class RunSnapshot(Instance instance, JournalReader reader)
{
    private JournalReader reader = reader;
    private readonly ReadOnlyMemory<JournalPosition> positions = instance.Positions.Captured;
    private readonly JournalPosition? customStatusAt = instance.CustomStatusAt;

    public long Handle { get; } = instance.Handle;
    public string Id { get; } = instance.Id;
    public string Name { get; } = instance.Name;
    public RuntimeStatus Status { get; } = instance.Status;
    public DateTimeOffset CreatedAt { get; } = instance.CreatedAt;
    public DateTimeOffset UpdatedAt { get; } = instance.UpdatedAt;
    public RunPriority Priority { get; } = instance.Priority;
    public BudgetLimit? Budget { get; } = instance.Budget;
    public string? ParentId { get; } = instance.ParentId;
    public FailureDetails? Failure { get; } = instance.Failure;

    /// <summary>How many events earlier executions have had: with the handle, what tells one history from another.</summary>
    public long FirstSequence { get; } = instance.FirstSequence;

    public int RecordCount => positions.Length;

    /// <summary>Reads from now on through this reader, which knows the segments that the last write began. Call it before anyone else has the snapshot.</summary>
    public void ReadThrough(JournalReader newest) => reader = newest;

    /// <summary>The turns of the current execution, oldest first, from a record on.</summary>
    /// <param name="fromRecord">The first record to read.</param>
    /// <param name="payloads">Whether inputs and outputs are read too.</param>
    public IEnumerable<Turn> Turns(int fromRecord = 0, bool payloads = true)
    {
        for (var i = fromRecord; i < positions.Length; i++)
        {
            var turns = JournalRecord.TurnsOf(Handle, Read(positions.Span[i]), payloads);
            foreach (var turn in i == 0 ? turns.SkipWhile(t => t.Input is not ExecutionStarted) : turns)
            {
                yield return turn;
            }
        }
    }

    /// <summary>The event that began the current execution.</summary>
    public ExecutionStarted Started() => JournalRecord.StartOf(Handle, Read(positions.Span[0]));

    /// <summary>The last custom status, or nothing.</summary>
    public ReadOnlyMemory<byte>? CustomStatus() => customStatusAt is { } at
        ? JournalRecord.TurnsOf(Handle, Read(at), payloads: true).SelectMany(t => t.Requests).OfType<CustomStatusSet>().Last().Status
        : default(ReadOnlyMemory<byte>?);

    /// <summary>The last turn: where a final run has its result.</summary>
    public Turn LastTurn() => Turns(positions.Length - 1).Last();

    private ReadOnlyMemory<byte> Read(JournalPosition position)
    {
        try
        {
            return reader.Read(position);
        }
        catch (ObjectDisposedException e)
        {
            throw new EngineStoppedException($"The engine was stopped while the history of run '{Id}' was being read. Start it again on the same folder, and ask again.", e);
        }
    }
}
