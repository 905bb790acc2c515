using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.SearchFusion;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.SearchFusion;

public sealed class SearchFusionTests
{
    private readonly ScriptedWorld world = new();
    private Func<ScriptedCall<ModelCall>, Scripted<ModelReply>> model = _ => throw new InvalidOperationException("No model is asked.");

    public SearchFusionTests()
    {
        world.Activity(ActivityReferences.SearchSource, call => call.Input.Source.Name switch
        {
            "ab" => After(100, Reply("a", "b")),
            "bc" => After(300, Reply("b", "c")),
            "by-query" => call.Input.Query == "heat" ? Fails<SearchReply>(10, new PermanentFailureException("No heat here.")) : After(50, Reply(call.Input.Query, "a")),
            "flaky" => call.Attempt == 1 ? Fails<SearchReply>(10, new TimeoutException("slow")) : After(10, Reply("f")),
            "hang" => Never<SearchReply>(),
            "broken" => call.Attempt == 1 ? Fails<SearchReply>(10, new CircuitOpenException("broken", "The tool 'broken' has been broken since noon.", TimeSpan.FromSeconds(3))) : After(10, Reply("late")),
            "empty" => After(20, Reply()),
            _ => Fails<SearchReply>(5, new PermanentFailureException($"There is no search source '{call.Input.Source.Name}'.")),
        });
        world.Activity(ActivityReferences.CallModel, call => model(call));
    }

    [Fact]
    public void RunAsync_TwoSources_AreSearchedAtOnceAndFused()
    {
        var run = world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, Input("ab", "bc"));
        Assert.Equal(TimeSpan.FromMilliseconds(300), run.Elapsed);
        var result = run.Ended();
        Assert.True(result.Complete);
        Assert.Equal(["b", "a", "c"], result.Hits.Select(hit => hit.Id));
        Assert.Equal((1.0 / 61) + (1.0 / 62), result.Hits[0].Score, 15);
        Assert.Equal([new SourceRank { Source = "ab", Rank = 2 }, new SourceRank { Source = "bc", Rank = 1 }], result.Hits[0].Ranks);
        Assert.Equal("title of b", result.Hits[0].Title);
        Assert.Equal(["wing"], result.Queries);
        Assert.Null(result.Decomposed);
        Assert.Null(result.Notices);
        Assert.Equal(new Cost(2, 0, 0.2m), result.Cost);
        Assert.Equal("""{"phase":"search","done":2,"total":2}""", world.Statuses["run"][^1]);
    }

    [Fact]
    public void RunAsync_Weights_Decide() => Assert.Equal(["b", "c", "a"], Run(Input("ab", "bc") with { Sources = [Source("ab") with { Weight = 0.1 }, Source("bc")] }).Hits.Select(hit => hit.Id));

    [Fact]
    public void RunAsync_TopK_CutsTheResult() => Assert.Equal(["b"], Run(Input("ab", "bc") with { TopK = 1 }).Hits.Select(hit => hit.Id));

    [Fact]
    public void RunAsync_LateAndFailedSources_AreReportedAndTheRestIsFused()
    {
        var result = Run(Input("ab", "hang", "nope", "empty") with { Sources = [Source("ab"), Source("hang") with { Timeout = TimeSpan.FromSeconds(2) }, Source("nope"), Source("empty")] });
        Assert.False(result.Complete);
        Assert.Equal(["a", "b"], result.Hits.Select(hit => hit.Id));
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.TimedOut, BranchStatus.Failed, BranchStatus.Succeeded], result.Sources.Select(source => source.Status));
        Assert.Equal([1, 0, 0, 1], result.Sources.Select(source => source.Answered));
        Assert.Equal([2, 0, 0, 0], result.Sources.Select(source => source.Hits));
        Assert.Equal(TimeSpan.FromSeconds(2), result.Sources[1].Elapsed);
        Assert.Contains("did not end within 00:00:02", result.Sources[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal("There is no search source 'nope'.", result.Sources[2].Error!.Message);
    }

    [Fact]
    public void RunAsync_BrokenSource_IsSkippedAtOnceAndSaysWhy()
    {
        var run = world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, Input("ab", "broken"));
        Assert.Equal(TimeSpan.FromMilliseconds(100), run.Elapsed);
        var result = run.Ended();
        Assert.False(result.Complete);
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Skipped], result.Sources.Select(source => source.Status));
        Assert.Equal("The tool 'broken' has been broken since noon.", result.Sources[1].Error!.Message);
    }

    [Fact]
    public void RunAsync_BrokenSourceNotToBeSkipped_IsWaitedFor()
    {
        var result = Run(Input("ab", "broken") with { SkipBroken = false });
        Assert.True(result.Complete);
        Assert.Contains("late", result.Hits.Select(hit => hit.Id));
    }

    [Fact]
    public void RunAsync_Quorum_GivesUpTheRest()
    {
        var run = world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, Input("ab", "hang", "bc") with { Quorum = Quorum.AtLeast(2) });
        Assert.Equal(TimeSpan.FromMilliseconds(300), run.Elapsed);
        var result = run.Ended();
        Assert.True(result.QuorumReached);
        Assert.False(result.Complete);
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Cancelled, BranchStatus.Succeeded], result.Sources.Select(source => source.Status));
    }

    [Fact]
    public void RunAsync_QuorumIsNotReached_SaysSo() => Assert.False(Run(Input("ab", "nope") with { Quorum = Quorum.AtLeast(2) }).QuorumReached);

    [Fact]
    public void RunAsync_AttemptFails_IsTriedAgain()
    {
        Assert.True(Run(Input("flaky")).Complete);
        Assert.Equal(2, world.Calls("SearchSource"));
    }

    [Fact]
    public void RunAsync_NoSourceAnswers_FailsAndNamesThem()
    {
        var run = world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, Input("nope", "gone"));
        Assert.Equal("NoSourceAnswered", run.Failure!.Type);
        Assert.True(run.Failure.Permanent);
        Assert.Equal("None of the 2 sources answered. nope: Failed: There is no search source 'nope'. gone: Failed: There is no search source 'gone'.", run.Failure.Message);
        Assert.Empty(run.LeftOpen);
    }

    [Fact]
    public void RunAsync_Decompose_SearchesTheQueryAndItsParts()
    {
        model = call => After(1000, Answer("- heat\n2. flow\n"));
        var run = world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, Input("ab", "by-query") with { Decompose = new() });
        Assert.Equal(TimeSpan.FromMilliseconds(1100), run.Elapsed);
        var result = run.Ended();
        Assert.Equal(["wing", "heat", "flow"], result.Queries);
        Assert.True(result.Decomposed);
        Assert.False(result.Complete);
        Assert.Equal([3, 2], result.Sources.Select(source => source.Answered));
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Succeeded], result.Sources.Select(source => source.Status));
        Assert.Equal("No heat here.", result.Sources[1].Error!.Message);
        Assert.Equal([0, 1, 2, 0, 2], result.Hits[0].Ranks.Select(rank => rank.Query!.Value));
        Assert.Equal("a", result.Hits[0].Id);
        Assert.Equal(["offline"], result.Notices);
        Assert.Equal(6, world.Calls("SearchSource"));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a\nb\nc\nd\ne", "it has 5 lines, and at most 4 were asked for")]
    [InlineData("***", "a line has no word")]
    [InlineData("Sorry, as a language model I can't split this, but here is what I think of wings", "more than a part of the query can have")]
    public void RunAsync_DecompositionDoesNotFit_SearchesTheQueryAndSaysSo(string answer, string why)
    {
        model = _ => After(10, Answer(answer));
        var result = Run(Input("ab") with { Decompose = new() });
        Assert.False(result.Decomposed);
        Assert.True(result.Complete);
        Assert.Equal(["wing"], result.Queries);
        Assert.Contains(result.Notices!, notice => notice.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void RunAsync_DecompositionFailsOrHangs_SearchesTheQueryAndSaysSo()
    {
        model = _ => Fails<ModelReply>(10, new PermanentFailureException("There is no model 'x'."));
        Assert.Equal(["The query was searched as it is, because the model failed: PermanentFailureException: There is no model 'x'."], Run(Input("ab") with { Decompose = new() }).Notices);
        model = _ => Never<ModelReply>();
        Assert.Contains("did not end within 00:00:01", Run(Input("ab") with { Decompose = new() { Timeout = TimeSpan.FromSeconds(1) } }).Notices!.Single(), StringComparison.Ordinal);
        model = _ => After(1, new ModelReply { Text = new Content { Ref = new ContentRef(new string('a', 64), 5000) }, Model = "m" });
        Assert.Contains("5000 bytes is far too long", Run(Input("ab") with { Decompose = new() }).Notices!.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_Rerank_OrdersTheHitsAndAddsNone()
    {
        var asked = default(ModelCall);
        model = call =>
        {
            asked = call.Input;
            return After(200, Answer("[3] > 1"));
        };
        var result = Run(Input("ab", "bc") with { Rerank = new() });
        Assert.True(result.Reranked);
        Assert.Equal(["c", "b", "a"], result.Hits.Select(hit => hit.Id));
        Assert.Equal(ModelPurpose.Rank, asked!.Purpose);
        Assert.Equal(["Query", "[1]", "[2]", "[3]"], asked.Parts.Select(part => part.Title));
        Assert.Equal("title of b\nsnippet of b", asked.Parts[1].Content!.Text);
        Assert.Equal(new Cost(12, 5, 0.7m), result.Cost);
    }

    [Fact]
    public void RunAsync_RerankOfSome_LeavesTheOthersBehindThem()
    {
        model = _ => After(1, Answer("2, 1"));
        var result = Run(Input("ab", "bc") with { Rerank = new() { Candidates = 2 }, TopK = 1 });
        Assert.Equal(["a"], result.Hits.Select(hit => hit.Id));
    }

    [Theory]
    [InlineData("I like 3 best", "'I' is no number")]
    [InlineData("4, 1", "4 is the number of no result")]
    [InlineData("0", "0 is the number of no result")]
    [InlineData("1, 2, 1", "it names 1 twice")]
    [InlineData("", "it names no result")]
    public void RunAsync_RerankDoesNotFit_KeepsTheFusedOrderAndSaysSo(string answer, string why)
    {
        model = _ => After(1, Answer(answer));
        var result = Run(Input("ab", "bc") with { Rerank = new() });
        Assert.False(result.Reranked);
        Assert.True(result.Complete);
        Assert.Equal(["b", "a", "c"], result.Hits.Select(hit => hit.Id));
        Assert.Contains(result.Notices!, notice => notice.StartsWith("The hits are in the fused order, because", StringComparison.Ordinal) && notice.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void RunAsync_OneHit_NeedsNoRerank() => Assert.True(Run(Input("flaky") with { Rerank = new() }).Reranked);

    [Fact]
    public async Task PrepareAsync_LongDocuments_AreStored()
    {
        var store = new MemoryContentStore();
        var input = Input("ab") with { Sources = [new() { Kind = SearchFusionSourceKind.Documents, Documents = new() { Items = [new() { Id = "a", Text = new string('x', 300) }] } }] };
        var prepared = await new SearchFusionOrchestrator().PrepareAsync(input, store, CancellationToken.None);
        var documents = prepared.Sources[0].Documents!;
        Assert.Null(documents.Items);
        Assert.Contains("xxx", System.Text.Encoding.UTF8.GetString((await store.GetAsync(documents.Ref!, CancellationToken.None)).Span), StringComparison.Ordinal);
        Assert.Empty(Errors(DurableJson.ToElement(prepared, world.Json).GetRawText()));
        var same = Input("ab");
        Assert.Same(same, await new SearchFusionOrchestrator().PrepareAsync(same, store, CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"query":" ","sources":[@]}""", "query", "The query has 1 characters.")]
    [InlineData("""{"query":"q","sources":[]}""", "sources", "There are 0 sources. Send 1 to 50.")]
    [InlineData("""{"query":"q","sources":[null]}""", "sources[0]", "The source is null.")]
    [InlineData("""{"query":"q","sources":[@],"topK":0}""", "topK", "topK is 0.")]
    [InlineData("""{"query":"q","sources":[@],"k":1001}""", "k", "k is 1001.")]
    [InlineData("""{"query":"q","sources":[@],"maxAttempts":0}""", "maxAttempts", "maxAttempts is 0.")]
    [InlineData("""{"query":"q","sources":[@],"quorum":2}""", "quorum", "The quorum is 2 of 1 sources.")]
    [InlineData("""{"query":"q","sources":[@],"decompose":{"max":11}}""", "decompose.max", "max is 11.")]
    [InlineData("""{"query":"q","sources":[@],"decompose":{"model":""}}""", "decompose.model", "The model's name is empty.")]
    [InlineData("""{"query":"q","sources":[@],"decompose":{"timeout":"00:00:00"}}""", "decompose.timeout", "The timeout is 00:00:00.")]
    [InlineData("""{"query":"q","sources":[@],"rerank":{"candidates":51}}""", "rerank.candidates", "candidates is 51.")]
    [InlineData("""{"query":"q","sources":[@],"rerank":{"timeout":"02:00:00"}}""", "rerank.timeout", "The timeout is 02:00:00.")]
    [InlineData("""{"query":"q","sources":[@,{"key":"0","kind":"Configured","name":"b"}]}""", "sources[1].key", "The key '0' is also that of sources[0].key.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Configured"}]}""", "sources[0].name", "The kind is Configured, but 'name' is missing.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Configured","name":""}]}""", "sources[0].name", "The name is empty.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Tool","name":"a"}]}""", "sources[0].name", "The kind is Tool, but 'name' is set")]
    [InlineData("""{"query":"q","sources":[{"kind":"Tool"}]}""", "sources[0].tool", "The kind is Tool, but 'tool' is missing.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Tool","tool":{"tool":"","arguments":{},"result":{}}}]}""", "sources[0].tool.tool", "The tool's name is empty.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Tool","tool":{"tool":"t","arguments":[],"result":{}}}]}""", "sources[0].tool.arguments", "The arguments are of kind Array.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Tool","tool":{"tool":"t","arguments":{},"result":{"items":"a["}}}]}""", "sources[0].tool.result.items", "'a[' is no path.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Http"}]}""", "sources[0].http", "The kind is Http, but 'http' is missing.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Http","http":{"url":"https://example.org","result":{}}}]}""", "sources[0].http.url", "The URL 'https://example.org' has no {query}.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Configured","name":"a","weight":0}]}""", "sources[0].weight", "The weight is 0.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Configured","name":"a","top":201}]}""", "sources[0].top", "top is 201.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Configured","name":"a","timeout":"-00:00:01"}]}""", "sources[0].timeout", "The timeout is -00:00:01.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents"}]}""", "sources[0].documents", "The kind is Documents, but 'documents' is missing.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{}}]}""", "sources[0].documents", "The documents have neither 'items' nor 'ref'.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[]}}]}""", "sources[0].documents.items", "There are 0 documents.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[null]}}]}""", "sources[0].documents.items[0]", "The document is null.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[{"id":"","text":""}]}}]}""", "sources[0].documents.items[0].id", "The ID has 0 characters.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[{"id":"a","text":""},{"id":"a","text":""}]}}]}""", "sources[0].documents.items[1].id", "Two documents have the ID 'a'.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[{"id":"a","text":""}],"model":"m"}}]}""", "sources[0].documents.model", "The model is 'm' and the ranking Bm25.")]
    [InlineData("""{"query":"q","sources":[{"kind":"Documents","documents":{"ref":{"sha256":"x","length":1}}}]}""", "sources[0].documents.ref", "'x' (1 bytes) is no content address.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message) =>
        Assert.StartsWith(message, Assert.Contains(path, Errors(input.Replace("@", """{"kind":"Configured","name":"a"}""", StringComparison.Ordinal)))[0], StringComparison.Ordinal);

    [Fact]
    public void Validate_TooManySearches_IsRefused()
    {
        var sources = string.Join(',', Enumerable.Range(0, 41).Select(i => $$"""{"kind":"Configured","name":"{{i}}"}"""));
        Assert.Contains("are 205 searches. At most 200 run", Errors($$$"""{"query":"q","sources":[{{{sources}}}],"decompose":{}}""")["decompose.max"][0], StringComparison.Ordinal);
        Assert.Empty(Errors($$"""{"query":"q","sources":[{{sources}}]}"""));
    }

    [Fact]
    public void Validate_TooMuchText_IsRefused() =>
        Assert.Contains("The documents have 1048577 characters.", Errors($$$"""{"query":"q","sources":[{"kind":"Documents","documents":{"items":[{"id":"a","text":"{{{new string('x', (1 << 20) + 1)}}}"}]}}]}""")["sources[0].documents.items"][0], StringComparison.Ordinal);

    private SearchFusionResult Run(SearchFusionInput input)
    {
        Assert.Empty(Errors(DurableJson.ToElement(input, world.Json).GetRawText()));
        return world.Run(Core.Orchestrations.OrchestratorReferences.SearchFusion, input).Ended();
    }

    private IReadOnlyDictionary<string, string[]> Errors(string input) => world.Catalog.Orchestrator("SearchFusion").Validate(JsonElement.Parse(input), world.Json).ByPath;

    private static SearchFusionInput Input(params string[] names) => new() { Query = "wing", Sources = [.. names.Select(Source)] };

    private static SearchFusionSource Source(string name) => new() { Key = name, Kind = SearchFusionSourceKind.Configured, Name = name };

    private static SearchReply Reply(params string[] ids) => new() { Hits = [.. ids.Select(id => new SearchHit { Id = id, Title = $"title of {id}", Snippet = $"snippet of {id}" })], Cost = new Cost(1, 0, 0.1m) };

    private static ModelReply Answer(string text) => new() { Text = new Content { Text = text }, Model = "m", Cost = new Cost(10, 5, 0.5m), Notice = "offline" };
}
