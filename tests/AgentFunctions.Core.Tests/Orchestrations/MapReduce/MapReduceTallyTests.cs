using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.MapReduce;

namespace AgentFunctions.Core.Tests.Orchestrations.MapReduce;

public sealed class MapReduceTallyTests
{
    private static readonly Content Text = new() { Text = "x" };

    [Fact]
    public void BeginLevel_AResultIsLost_IsADefectThatNamesLevelAndCounts()
    {
        var tally = new MapReduceTally(new Slice(0, 5), null);
        tally.BeginLevel([new(Text, new Slice(0, 4), 4), new(Text, new Slice(4, 1), 1)]);
        var error = Assert.Throws<ReductionCountException>(() => tally.BeginLevel([new(Text, new Slice(0, 4), 4)]));
        Assert.Equal((2, 5, 4), (error.Level, error.Expected, error.Actual));
        Assert.StartsWith("Reduction level 2 needs 5 chunks, each in a partial result or reported as missing, but got 4.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BeginLevel_AResultComesTwice_IsADefect() =>
        Assert.Throws<ReductionCountException>(() => new MapReduceTally(new Slice(0, 1), null).BeginLevel([new(Text, new Slice(0, 1), 1), new(Text, new Slice(0, 1), 1)]));

    [Fact]
    public void BeginLevel_MissingChunksAreReported_AddsUp()
    {
        var tally = new MapReduceTally(new Slice(10, 5), "d");
        tally.AddMissing(new Slice(11, 2), "Mapping it", new FailureDetails { Type = "T", Message = "m" });
        tally.BeginLevel([new(Text, new Slice(10, 5), 3)]);
        Assert.Equal(1, tally.Levels);
        Assert.Equal([Missing(11, "Mapping it failed: T: m"), Missing(12, "Mapping it failed: T: m")], tally.Missing);
    }

    [Fact]
    public void AddMissing_LongReason_IsCut()
    {
        var tally = new MapReduceTally(new Slice(0, 1), null);
        tally.AddMissing(new Slice(0, 1), "Mapping it", new FailureDetails { Type = "T", Message = new string('x', 5_000) });
        Assert.Equal(501, tally.Missing[0].Reason.Length);
    }

    private static MissingChunk Missing(int chunk, string reason) => new() { Chunk = chunk, Document = "d", Reason = reason };
}
