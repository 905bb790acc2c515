using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using static AgentFunctions.Core.Tests.Orchestrations.MapReduce.MapReduceFixture;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.MapReduce;

public sealed class MapReduceLargeTests
{
    [Fact]
    public void RunAsync_TenThousandChunks_EveryOneIsInTheResultAndHistoriesStaySmall()
    {
        var fixture = new MapReduceFixture(10_000);
        var run = fixture.Run(Input with { MaxParallel = 200 });
        var result = run.Ended();
        Assert.Equal(Chunks(10_000), result.Result);
        Assert.Equal((10_000, 10_000, true), (result.Chunks, result.Mapped, result.Complete));
        Assert.Equal(5, result.Levels);
        Assert.Equal(200, fixture.World.MostRunning["CallModel"]);

        var steps = fixture.World.Steps;
        Assert.InRange(steps["run"], 50, 80);
        Assert.All(steps.Where(step => step.Key != "run"), step => Assert.InRange(step.Value, 1, 230));
    }

    [Fact]
    public void RunAsync_TenThousandChunks_TheParentsBytesDoNotDependOnTheMappedTexts()
    {
        // Answers as long as may be carried in history.
        var fixture = new MapReduceFixture(10_000) { Script = _ => After(1, Reply(new string('x', Content.InlineBytes - 1))) };
        fixture.Run(Input with { MaxParallel = 500 }).Ended();
        Assert.InRange(fixture.World.Bytes["run"], 100_000, 500_000);
        Assert.All(fixture.World.Bytes.Where(it => it.Key != "run"), it => Assert.InRange(it.Value, 1, 1_500_000));
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(201, 2)]
    public void RunAsync_AroundTheLimit_SplitsOnlyAboveIt(int chunks, int slices)
    {
        var fixture = new MapReduceFixture(chunks);
        Assert.Equal(Chunks(chunks), fixture.Run().Ended().Result);
        Assert.Equal(slices, fixture.World.Log.Count(line => line.Contains(" sub MapReduceSlice ", StringComparison.Ordinal)));
    }

    [Fact]
    public void RunAsync_ChunksFailInSlices_AreReportedAsMissing()
    {
        var fixture = new MapReduceFixture(1_000) { Script = call => ChunkOf(call) % 100 == 7 ? Fails<ModelReply>(1, new PermanentFailureException("refused")) : null };
        var result = fixture.Run().Ended();
        int[] lost = [.. Enumerable.Range(0, 10).Select(i => (i * 100) + 7)];
        Assert.Equal(Chunks(1_000, lost), result.Result);
        Assert.Equal(lost, result.Missing.Select(missing => missing.Chunk));
        Assert.Equal((990, false), (result.Mapped, result.Complete));
        Assert.All(result.Missing, missing => Assert.Equal("d", missing.Document));
    }

    [Fact]
    public void RunAsync_AWholeSliceFails_ItsChunksAreMissingAndTheRestIsThere()
    {
        var fixture = new MapReduceFixture(600) { Script = call => ChunkOf(call) < 200 ? Fails<ModelReply>(1, new PermanentFailureException("refused")) : null };
        var result = fixture.Run().Ended();
        Assert.Equal(Enumerable.Range(0, 200), result.Missing.Select(missing => missing.Chunk));
        Assert.Equal(Chunks(600, [.. Enumerable.Range(0, 200)]), result.Result);
    }

    [Fact]
    public void RunAsync_EverySliceFails_TheRunFails()
    {
        var failure = new MapReduceFixture(600) { Script = _ => Fails<ModelReply>(1, new PermanentFailureException("refused")) }.Run().Failure!;
        Assert.Equal("AllChunksFailed", failure.Type);
    }

    [Fact]
    public void RunAsync_SlicesFinish_ProgressGrowsToTheTotal()
    {
        var fixture = new MapReduceFixture(1_000);
        fixture.Run().Ended();
        Assert.Contains("""{"phase":"map","done":1000,"total":1000}""", fixture.World.Statuses["run"]);
        Assert.DoesNotContain(fixture.World.Statuses, status => status.Key != "run");
    }
}
