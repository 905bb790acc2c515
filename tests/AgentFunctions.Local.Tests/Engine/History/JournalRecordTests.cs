using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Engine.History;

public sealed class JournalRecordTests
{
    [Fact]
    public void TurnsOf_ARecordOfManySections_GivesTheTurnsOfOneRunInOrder() => ForAny(200, random =>
    {
        var (bytes, turns) = AnyRecord(random);

        return turns.Select(t => t.Handle).Append(99).Distinct().All(handle =>
            RandomHistory.Show(JournalRecord.TurnsOf(handle, bytes, payloads: true)) == RandomHistory.Show(turns.Where(t => t.Handle == handle)));
    });

    [Fact]
    public void TurnsOf_WithoutPayloads_HasTheSameStructure() => ForAny(100, random =>
    {
        var (bytes, turns) = AnyRecord(random);

        return RandomHistory.Show(JournalRecord.TurnsOf(1, bytes, payloads: false)) == RandomHistory.Show(turns.Where(t => t.Handle == 1), payloads: false);
    });

    [Fact]
    public void TurnsOf_CutShort_IsInvalidDataOrEndsWithASection() => ForAny(100, random =>
    {
        var (bytes, turns) = AnyRecord(random);
        var cut = bytes[..random.Next(bytes.Length)];

        return Sections(cut) is not { } read || RandomHistory.Show(read) == RandomHistory.Show(turns.Where(t => t.Handle == 1).Take(read.Count));
    });

    [Fact]
    public void TurnsOf_GarbledRecords_AreTurnsOrInvalidDataAndCostLittle() => ForAny(400, random =>
    {
        var (bytes, _) = AnyRecord(random);
        for (var change = 0; change <= random.Next(4); change++)
        {
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256));
        }

        return CostsLittle(bytes);
    });

    [Fact]
    public void TurnsOf_AnyBytes_AreTurnsOrInvalidDataAndCostLittle() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => CostsLittle([1, 2, .. new byte[8], .. bytes]) && CostsLittle(bytes)));

    [Theory]
    [InlineData("01 02 0000000000000000 05 02 FFFFFFFF0F")]
    [InlineData("01 02 0000000000000000 05 02 01")]
    [InlineData("01 02 0000000000000000 05 FFFFFFFFFFFFFFFFFF01")]
    [InlineData("01 02 0000000000000000 02 FFFFFFFF0F")]
    [InlineData("01 02 0000000000000000 1D 00 FFFFFFFFFFFFFFFFFF01")]
    [InlineData("01 02 FFFFFFFFFFFFFFFF 05 02 00")]
    [InlineData("02 02 20 00 00")]
    [InlineData("09")]
    public void TurnsOf_ACountOrLengthOrTimeOutOfAllRange_IsInvalidData(string hex) =>
        Assert.Contains("journal record", Assert.Throws<InvalidDataException>(() => JournalRecord.TurnsOf(1, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), payloads: true)).Message, StringComparison.Ordinal);

    [Fact]
    public void StartOf_FirstInItsRecord_IsIt()
    {
        var writer = new RecordWriter();
        JournalRecord.WriteTurn(writer, 5, DateTimeOffset.UnixEpoch, Started("mine"), []);

        Assert.Equal("mine", JournalRecord.StartOf(5, writer.Written.ToArray()).InstanceId);
    }

    [Fact]
    public void StartOf_BehindOthers_IsItsOwn()
    {
        var writer = new RecordWriter();
        JournalRecord.WritePurge(writer, 5);
        JournalRecord.WriteTurn(writer, 4, DateTimeOffset.UnixEpoch, Started("other"), []);
        JournalRecord.WriteTurn(writer, 5, DateTimeOffset.UnixEpoch, new TimerFired(1), [new ContinuedAsNew(default, [])]);
        JournalRecord.WriteEntity(writer, new EntityId("e", "k"), "{}"u8);
        JournalRecord.WriteTurn(writer, 5, DateTimeOffset.UnixEpoch, Started("mine"), [new TimerCreated(0, DateTimeOffset.MaxValue)]);

        Assert.Equal("mine", JournalRecord.StartOf(5, writer.Written.ToArray()).InstanceId);
    }

    [Fact]
    public void StartOf_ARecordWithoutIt_IsInvalidData()
    {
        var writer = new RecordWriter();
        JournalRecord.WriteTurn(writer, 5, DateTimeOffset.UnixEpoch, new TimerFired(1), []);

        Assert.Contains("run 5", Assert.Throws<InvalidDataException>(() => JournalRecord.StartOf(5, writer.Written.ToArray())).Message, StringComparison.Ordinal);
    }

    private static ExecutionStarted Started(string id) => new() { InstanceId = id, Name = "n", Input = "1"u8.ToArray(), CreatedAt = DateTimeOffset.UnixEpoch };

    private static (byte[] Bytes, IReadOnlyList<Turn> Turns) AnyRecord(Random random)
    {
        var writer = new RecordWriter();
        var turns = new List<Turn>();
        for (var section = 0; section <= random.Next(5); section++)
        {
            switch (random.Next(4))
            {
                case 0:
                    JournalRecord.WriteEntity(writer, new EntityId("counter", "k"), new byte[random.Next(100)]);
                    break;
                case 1:
                    JournalRecord.WritePurge(writer, random.Next(3));
                    break;
                default:
                    var turn = new Turn(random.Next(1, 3), DateTimeOffset.UnixEpoch.AddTicks(random.Next()), RandomHistory.MakeInput(random), RandomHistory.MakeRequests(random));
                    JournalRecord.WriteTurn(writer, turn.Handle, turn.At, turn.Input, turn.Requests);
                    turns.Add(turn);
                    break;
            }
        }

        return (writer.Written.ToArray(), turns);
    }

    private static List<Turn>? Sections(byte[] bytes)
    {
        try
        {
            return [.. JournalRecord.TurnsOf(1, bytes, payloads: true)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static bool CostsLittle(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sections(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated < 100_000 + (40L * bytes.Length);
    }

    private static void ForAny(int times, Func<Random, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => holds(new Random(seed))));
}
