using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using Moq;

namespace AgentFunctions.Core.Tests.Orchestrations.MapReduce;

public sealed class MapReduceInputTests
{
    private readonly ScriptedWorld world = new();

    [Theory]
    [InlineData("""{"task":" ","documents":[{"id":"a","text":"x"}]}""", "task", "The task is empty.")]
    [InlineData("""{"task":"t","documents":[]}""", "documents", "There are no documents.")]
    [InlineData("""{"task":"t","documents":[null]}""", "documents[0]", "The document is null.")]
    [InlineData("""{"task":"t","documents":[{"id":"a"}]}""", "documents[0]", "The document has neither 'text' nor 'ref'.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x","ref":{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","length":1}}]}""", "documents[0]", "The document has both 'text' and 'ref'.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","ref":{"sha256":"AA","length":1}}]}""", "documents[0].ref", "'AA' with length 1 is no content address.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"},{"id":"a","text":"y"}]}""", "documents[1].id", "The ID 'a' is also that of documents[0].")]
    [InlineData("""{"task":"t","documents":[{"id":"","text":"x"}]}""", "documents[0].id", "The ID has 0 characters.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"}],"chunkTokens":49}""", "chunkTokens", "chunkTokens is 49. It must be 50 to 100,000.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"}],"groupSize":1}""", "groupSize", "groupSize is 1. It must be 2 to 100.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"}],"maxParallel":10001}""", "maxParallel", "maxParallel is 10001.")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"}],"models":{"root":""}}""", "models.root", "The model is empty.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message) =>
        Assert.StartsWith(message, Assert.Contains(path, Errors(input))[0], StringComparison.Ordinal);

    [Fact]
    public void Validate_LongTask_IsRefused() => Assert.Contains("8001 characters", Errors($$"""{"task":"{{new string('t', 8001)}}","documents":[{"id":"a","text":"x"}]}""")["task"][0], StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":""}]}""")]
    [InlineData("""{"task":"t","documents":[{"id":"a","text":"x"}],"chunkTokens":50,"groupSize":2,"maxParallel":1,"models":{"map":"own"}}""")]
    [InlineData("""{"task":"t","documents":[{"id":"a","ref":{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","length":1}}]}""")]
    public void Validate_ValidInput_HasNoErrors(string input) => Assert.Empty(Errors(input));

    [Fact]
    public async Task PrepareAsync_LongTexts_AreStoredAndShortOnesStay()
    {
        var store = new Mock<IContentStore>();
        store.Setup(it => it.PutAsync(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>())).Returns((ReadOnlyMemory<byte> value, CancellationToken _) => Task.FromResult(ContentRef.Of(value.Span)));
        var text = new string('é', 201);
        var input = new MapReduceInput { Task = "t", Documents = [new() { Id = "long", Text = text }, new() { Id = "short", Text = "x" }] };
        var prepared = await new MapReduceOrchestrator().PrepareAsync(input, store.Object, CancellationToken.None);
        Assert.Equal([new() { Id = "long", Ref = ContentRef.Of(Encoding.UTF8.GetBytes(text)) }, new MapReduceDocument { Id = "short", Text = "x" }], prepared.Documents);
        Assert.Same(prepared, await new MapReduceOrchestrator().PrepareAsync(prepared, store.Object, CancellationToken.None));
    }

    private IReadOnlyDictionary<string, string[]> Errors(string input) => world.Catalog.Orchestrator("MapReduce").Validate(JsonDocument.Parse(input).RootElement, world.Json).ByPath;
}
