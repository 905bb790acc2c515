using System.Buffers;
using AgentFunctions.Local.Journal;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

/// <summary>Any sequence of operations leaves what a list would hold.</summary>
public sealed class JournalModelTests
{
    [Fact]
    public void AnySequenceOfOperations_EqualsAList() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(150), Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), Holds));

    private static bool Holds(int[] operations)
    {
        var storage = new MemoryJournalStorage();
        var (written, pending) = (new List<(JournalPosition Position, int Number)>(), new List<(JournalPosition, int)>());
        var journal = TestRecords.Open(storage, out _);
        var number = 0;
        foreach (var operation in operations)
        {
            switch (Math.Abs(operation % 16))
            {
                case < 9:
                    pending.Add((journal.Append(TestRecords.Make(number, Length(operation))), number));
                    number++;
                    break;
                case < 12:
                    journal.Write(journal.TakeBatch());
                    written.AddRange(pending);
                    pending.Clear();
                    break;
                case 12:
                    journal.Close();
                    written.AddRange(pending);
                    pending.Clear();
                    break;
                case 13:
                    written = Compact(journal, written, operation);
                    break;
                default:
                    journal.Dispose();
                    pending.Clear();
                    journal = TestRecords.Open(storage, out var found);
                    Assert.Equal(written, found);
                    break;
            }
        }

        Assert.All(written, r => Assert.Equal(r.Number, TestRecords.NumberOf(journal.Read(r.Position).Span)));
        journal.Dispose();
        using var last = TestRecords.Open(storage, out var rest);
        Assert.Equal(written, rest);
        return true;
    }

    private static List<(JournalPosition Position, int Number)> Compact(Journal journal, List<(JournalPosition Position, int Number)> written, int operation)
    {
        using var compaction = journal.BeginCompaction();
        if (!compaction.IsReady)
            return written;
        var kept = new List<int>();
        compaction.Run(
            (_, record, output) =>
            {
                var number = TestRecords.NumberOf(record);
                if ((number + operation) % 3 == 0)
                    return false;
                kept.Add(number);
                output.Write(record);
                return true;
            },
            CancellationToken.None);
        var map = compaction.Complete();
        List<(JournalPosition, int)> now = [.. written.Where(r => map.TryMap(r.Position, out _)).Select(r => (map.TryMap(r.Position, out var to) ? to : default, r.Number))];
        Assert.Equal(kept, now.Select(r => r.Item2));
        return now;
    }

    private static int Length(int operation) => (Math.Abs(operation) % 11) switch { 0 => 8, 1 => 70_000, 2 => 30_000, 3 => 9_000, _ => 8 + (Math.Abs(operation) % 500) };
}
