using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Engine.History;

public sealed class HistoryCodecTests
{
    public static TheoryData<string> Kinds => [.. RandomHistory.Kinds.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_WhatWasWritten_IsEqual(string kind) => ForAny(kind, 60, item =>
        RandomHistory.Show(Read(Written(item), payloads: true)) == RandomHistory.Show(item));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_WithoutPayloads_IsEqualButForThePayloads(string kind) => ForAny(kind, 40, item =>
        RandomHistory.Show(Read(Written(item), payloads: false)) == RandomHistory.Show(item, payloads: false));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_CutShortAnywhere_IsInvalidData(string kind) => ForAny(kind, 20, item =>
    {
        var bytes = Written(item);
        var step = Math.Max(1, bytes.Length / 300);
        for (var length = 0; length < bytes.Length; length += step)
        {
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length], payloads: true));
        }

        return true;
    });

    [Fact]
    public void Kinds_ByReflection_AreAllOfThem()
    {
        // Nineteen today. The generator finds a new one by itself; this only shows that it finds any.
        Assert.True(RandomHistory.Kinds.Count >= 19, string.Join(", ", RandomHistory.Kinds.Select(k => k.Name)));
        Assert.Contains(typeof(ExecutionStarted), RandomHistory.Kinds);
        Assert.Contains(typeof(ContinuedAsNew), RandomHistory.Kinds);
    }

    [Fact]
    public void Kinds_HaveANumberEach()
    {
        var numbers = RandomHistory.Kinds.Select(k => Written(RandomHistory.Make(k, new Random(1)))[0]).ToList();

        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Fact]
    public void Write_AnEventWithoutANumber_IsRefusedByName() =>
        Assert.Contains(nameof(Unnumbered), Assert.Throws<ArgumentException>(() => Written(new Unnumbered())).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_AMegabyte_IsEqual()
    {
        var bytes = new byte[1 << 20];
        new Random(7).NextBytes(bytes);

        var read = Assert.IsType<CallCompleted>(Read(Written(new CallCompleted(3, bytes, DateTimeOffset.UnixEpoch)), payloads: true));

        Assert.Equal(bytes, read.Output.ToArray());
    }

    [Fact]
    public void Read_APriorityThatIsNone_IsInvalidData()
    {
        var started = new ExecutionStarted { InstanceId = "a", Name = "b", Input = default, CreatedAt = DateTimeOffset.UnixEpoch, Priority = (RunPriority)33 };

        Assert.Contains("33", Assert.Throws<InvalidDataException>(() => Read(Written(started), payloads: true)).Message, StringComparison.Ordinal);
    }

    private static void ForAny(string kind, int times, Func<HistoryEvent, bool> holds)
    {
        var type = RandomHistory.Kinds.Single(k => k.Name == kind);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => holds(RandomHistory.Make(type, new Random(seed)))));
    }

    private static byte[] Written(HistoryEvent item)
    {
        var writer = new RecordWriter();
        HistoryCodec.Write(writer, item);
        return writer.Written.ToArray();
    }

    private static HistoryEvent Read(byte[] bytes, bool payloads)
    {
        var reader = new RecordReader(bytes);
        var item = HistoryCodec.Read(ref reader, payloads);
        Assert.True(reader.AtEnd, $"{bytes.Length - reader.Position} bytes are left over.");
        return item;
    }

    private sealed record Unnumbered : HistoryEvent;
}
