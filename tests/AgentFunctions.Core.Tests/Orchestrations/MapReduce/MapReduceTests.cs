using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.MapReduce.MapReduceFixture;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.MapReduce;

public sealed class MapReduceTests
{
    [Fact]
    public void RunAsync_SeveralChunks_MapsReducesAndCounts()
    {
        var fixture = new MapReduceFixture(25);
        var result = fixture.Run().Ended();
        Assert.Equal(Chunks(25), result.Result);
        Assert.Equal((1, 25, 25, 2, true), (result.Documents, result.Chunks, result.Mapped, result.Levels, result.Complete));
        Assert.Equal(Enumerable.Repeat(ModelTiers.Fast, 25).Concat(Enumerable.Repeat(ModelTiers.Balanced, 3)).Append(ModelTiers.Capable), fixture.Models);
        Assert.Equal(new Cost(58, 29, 14.5m), result.Cost);
        Assert.Equal("scripted", result.Notice);
        Assert.Equal(3, fixture.Instructions.Count);
    }

    [Fact]
    public void RunAsync_AsJson_HasTheDocumentedShape()
    {
        var fixture = new MapReduceFixture(2);
        var result = fixture.World.RunJson("MapReduce", """{"task":"t","documents":[{"id":"a","text":"x"}],"chunkTokens":2000,"groupSize":10}""").Ended();
        Assert.Equal(
            """{"result":"0 1","documents":1,"chunks":2,"mapped":2,"levels":1,"complete":true,"missing":[],"cost":{"inputTokens":6,"outputTokens":3,"usd":1.5,"estimated":false},"cached":0,"notice":"scripted"}""",
            JsonSerializer.Serialize(result));
    }

    [Fact]
    public void RunAsync_OneChunk_GoesStraightToTheRootModel()
    {
        var fixture = new MapReduceFixture(1);
        var result = fixture.Run().Ended();
        Assert.Equal(("0", 1, 1, 0, true), (result.Result, result.Chunks, result.Mapped, result.Levels, result.Complete));
        Assert.Equal([ModelTiers.Capable], fixture.Models);
    }

    [Theory]
    [InlineData(2, 10, 1)]
    [InlineData(10, 10, 1)]
    [InlineData(11, 10, 2)]
    [InlineData(100, 10, 2)]
    [InlineData(101, 10, 3)]
    [InlineData(8, 2, 3)]
    [InlineData(9, 2, 4)]
    public void RunAsync_AnyCount_EveryChunkIsInTheResultInOrder(int chunks, int groupSize, int levels)
    {
        var result = new MapReduceFixture(chunks).Run(Input with { GroupSize = groupSize }).Ended();
        Assert.Equal(Chunks(chunks), result.Result);
        Assert.Equal(levels, result.Levels);
    }

    [Fact]
    public void RunAsync_GroupOfOne_PassesUnreduced()
    {
        var fixture = new MapReduceFixture(11);
        Assert.Equal(Chunks(11), fixture.Run().Ended().Result);
        Assert.Single(fixture.Models, ModelTiers.Balanced);
    }

    [Fact]
    public void RunAsync_OwnModels_AreUsed()
    {
        var fixture = new MapReduceFixture(11);
        fixture.Run(Input with { Models = new() { Map = "a", Reduce = "b", Root = "c" } }).Ended();
        Assert.Equal(["a", "b", "c"], fixture.Models.Distinct());
    }

    [Fact]
    public void RunAsync_ResultIsStored_IsRead()
    {
        var fixture = new MapReduceFixture(3) { Script = call => call.Input.Model == ModelTiers.Capable ? After(1, Reply("") with { Text = new Content { Ref = new ContentRef(new string('a', 64), 9) } }) : null };
        Assert.Equal("the stored text", fixture.Run().Ended().Result);
    }

    [Fact]
    public void RunAsync_MapCallsFail_AreReportedAsMissing()
    {
        var fixture = new MapReduceFixture(25) { Script = call => ChunkOf(call) is 3 or 17 ? Fails<ModelReply>(1, new PermanentFailureException("refused")) : null };
        var result = fixture.Run().Ended();
        Assert.Equal(Chunks(25, 3, 17), result.Result);
        Assert.Equal((25, 23, false), (result.Chunks, result.Mapped, result.Complete));
        Assert.Equal([Missing(3, "Mapping it failed: PermanentFailureException: refused"), Missing(17, "Mapping it failed: PermanentFailureException: refused")], result.Missing);
    }

    [Fact]
    public void RunAsync_SeveralDocuments_MissingChunksNameNone()
    {
        var fixture = new MapReduceFixture(3) { Script = call => ChunkOf(call) == 1 ? Fails<ModelReply>(1, new PermanentFailureException("refused")) : null };
        var result = fixture.Run(Input with { Documents = [new() { Id = "a", Text = "x" }, new() { Id = "b", Text = "y" }] }).Ended();
        Assert.Null(Assert.Single(result.Missing).Document);
    }

    [Fact]
    public void RunAsync_GroupFails_ItsChunksAreReportedAsMissing()
    {
        var fixture = new MapReduceFixture(25) { Script = call => call.Input.Model == ModelTiers.Balanced && call.Input.Parts[0].Title == "Part 11" ? Fails<ModelReply>(1, new PermanentFailureException("refused")) : null };
        var result = fixture.Run().Ended();
        Assert.Equal(Chunks(25, [.. Enumerable.Range(10, 10)]), result.Result);
        Assert.Equal((25, false), (result.Mapped, result.Complete));
        Assert.Equal(Enumerable.Range(10, 10), result.Missing.Select(missing => missing.Chunk));
        Assert.Equal("Combining its group at level 1 failed: PermanentFailureException: refused", result.Missing[0].Reason);
    }

    [Fact]
    public void RunAsync_AllMapCallsFail_TheRunFailsAndSaysWhy()
    {
        var failure = new MapReduceFixture(5) { Script = _ => Fails<ModelReply>(1, new PermanentFailureException("no such model")) }.Run().Failure!;
        Assert.Equal("AllChunksFailed", failure.Type);
        Assert.Equal("None of the 5 chunks is left to combine. The first: chunk 0: Mapping it failed: PermanentFailureException: no such model Check the models' settings and limits, then start the run again.", failure.Message);
    }

    [Fact]
    public void RunAsync_RootFails_TheRunFailsWithItsFailure()
    {
        var failure = new MapReduceFixture(5) { Script = call => call.Input.Model == ModelTiers.Capable ? Fails<ModelReply>(1, new PermanentFailureException("no capable model")) : null }.Run().Failure!;
        Assert.Equal("no capable model", failure.Message);
    }

    [Fact]
    public void RunAsync_NoText_TheRunFailsAndSaysWhy()
    {
        var failure = new MapReduceFixture(0).Run().Failure!;
        Assert.Equal(("NoText", true), (failure.Type, failure.Permanent));
    }

    [Fact]
    public void RunAsync_Throttled_OnlyThatChunkIsTriedAgain()
    {
        var fixture = new MapReduceFixture(20) { Script = call => ChunkOf(call) == 4 && call.Attempt <= 3 ? Fails<ModelReply>(1, new ThrottledException("429", TimeSpan.FromSeconds(7))) : null };
        var run = fixture.Run();
        Assert.True(run.Ended().Complete);
        Assert.Equal(20 + 3 + 2 + 1, fixture.Models.Count);
        Assert.InRange(run.Elapsed.TotalSeconds, 21, 21 + 1 + 2 + 4 + 1);
    }

    [Fact]
    public void RunAsync_MapPrompts_AreTheSameForEveryChunkAndEndInIt()
    {
        var calls = new List<ModelCall>();
        var fixture = new MapReduceFixture(4);
        fixture.Script = call =>
        {
            calls.Add(call.Input);
            return null;
        };
        fixture.Run().Ended();
        var maps = calls.Where(call => call.Purpose == ModelPurpose.Summarize).ToList();
        Assert.Equal(4, maps.Count);
        Assert.Single(maps.Select(call => call.Instructions).Distinct());
        Assert.EndsWith("Task: List the chunks.", maps[0].Instructions, StringComparison.Ordinal);
        Assert.All(maps, call => Assert.NotNull(Assert.Single(call.Parts).Chunk));
    }

    [Fact]
    public void RunAsync_Status_TellsThePhases()
    {
        var fixture = new MapReduceFixture(25);
        fixture.Run().Ended();
        Assert.Equal(["split", "map", "reduce 1", "result"], fixture.World.Statuses["run"].Select(status => JsonDocument.Parse(status).RootElement.GetProperty("phase").GetString()).Distinct());
    }

    [Fact]
    public void RunAsync_Twice_AsksForTheSameInTheSameOrder()
    {
        Assert.Equal(Log(), Log());
        static List<string> Log()
        {
            var fixture = new MapReduceFixture(450) { Script = call => ChunkOf(call) % 9 == 2 && call.Attempt == 1 ? Fails<ModelReply>(3, new IOException("busy")) : null };
            fixture.Run().Ended();
            return fixture.World.Log;
        }
    }

    private static MissingChunk Missing(int chunk, string reason) => new() { Chunk = chunk, Document = "d", Reason = reason };
}
