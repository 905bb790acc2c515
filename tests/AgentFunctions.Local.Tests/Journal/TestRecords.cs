using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Journal;

using Journal = AgentFunctions.Local.Journal.Journal;

/// <summary>Records that say who they are and whether they are whole, and short ways to write and read a journal of them.</summary>
internal static class TestRecords
{
    public static readonly JournalOptions Small = new() { SegmentBytes = JournalOptions.MinSegmentBytes };

    /// <summary>A record of this length (8 at least) whose bytes all follow from its number.</summary>
    public static byte[] Make(int number, int length = 60)
    {
        var record = new byte[length];
        var words = MemoryMarshal.Cast<byte, ulong>(record.AsSpan());
        var word = (ulong)number + 1;
        for (var i = 0; i < words.Length; i++)
            words[i] = word = (word * 6364136223846793005) + 1442695040888963407;
        record.AsSpan(words.Length * sizeof(ulong)).Fill((byte)(number + 1));
        BinaryPrimitives.WriteInt32LittleEndian(record, number);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), length);
        return record;
    }

    /// <summary>The number of a record, after checking every byte of it.</summary>
    public static int NumberOf(ReadOnlySpan<byte> record)
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(record);
        Assert.Equal(BinaryPrimitives.ReadInt32LittleEndian(record[4..]), record.Length);
        Assert.True(record.SequenceEqual(Make(number, record.Length)), $"Record {number} came back changed.");
        return number;
    }

    public static Journal Open(IJournalStorage storage, out List<(JournalPosition Position, int Number)> records, JournalOptions? options = null)
    {
        var found = new List<(JournalPosition, int)>();
        var journal = Journal.Open(storage, options ?? Small with { Random = new Random(7) }, (position, record) => found.Add((position, NumberOf(record))));
        records = found;
        return journal;
    }

    public static int[] NumbersIn(IJournalStorage storage)
    {
        using var journal = Open(storage, out var records);
        return [.. records.Select(r => r.Number)];
    }

    /// <summary>Appends records with these numbers and writes them as one batch.</summary>
    public static JournalPosition[] Commit(this Journal journal, params IEnumerable<int> numbers)
    {
        JournalPosition[] positions = [.. numbers.Select(n => journal.Append(Make(n)))];
        journal.Write(journal.TakeBatch());
        return positions;
    }
}
