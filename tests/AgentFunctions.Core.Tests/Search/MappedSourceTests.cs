using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Mapped;
using AgentFunctions.Core.Tests.Tools.Http;
using AgentFunctions.Core.Tools.Http;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Search;

public sealed class MappedSourceTests
{
    private static readonly JsonSerializerOptions readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Search_Tool_GetsTheQueryAndItsAnswerIsRead()
    {
        var asked = default(JsonElement);
        var tool = AIFunctionFactory.Create((JsonElement filter, int limit) =>
        {
            asked = filter;
            return JsonElement.Parse($$"""{"docs":[{"key":7,"name":"Seven","meta":{"abstract":["first"]},"rank":0.5},{"key":"b"},{"key":7}],"limit":{{limit}}}""");
        }, "find");
        var source = new SourceSettings
        {
            Tool = new ToolSearch
            {
                Tool = "find",
                Arguments = JsonElement.Parse("""{"filter":{"q":"text:{query}","tags":["{query}",1,null,true],"t":"top {top}"},"limit":"{top}"}"""),
                Result = new ResultMapping { Items = "docs", Id = "key", Title = "name", Snippet = "meta.abstract[0]", Score = "rank" },
            },
        };
        var reply = await new SearchFixture(tools: [tool]).SearchAsync(source, "say \"{top}\"", top: 5);
        Assert.Equal("""{"q":"text:say \"{top}\"","tags":["say \"{top}\"",1,null,true],"t":"top 5"}""", JsonSerializer.Serialize(asked, readable));
        Assert.Equal([new SearchHit { Id = "7", Title = "Seven", Snippet = "first", Score = 0.5 }, new SearchHit { Id = "b" }], reply.Hits);
    }

    [Fact]
    public async Task Search_ToolAnswersAsMcp_ReadsTheJsonInTheText()
    {
        var tool = AIFunctionFactory.Create((string query) => JsonElement.Parse("""{"content":[{"type":"text","text":"{\"hits\":[{\"id\":\"a\",\"title\":\"A\"}]}"}]}"""), "find");
        Assert.Equal(["a"], await new SearchFixture(tools: [tool]).IdsAsync(Tool("content[0].text.hits"), "x"));
    }

    [Fact]
    public async Task Search_ToolAnswersMuch_IsReadFromTheStore()
    {
        var tool = AIFunctionFactory.Create((string query) => JsonSerializer.SerializeToElement(Enumerable.Range(0, 300).Select(i => new { id = $"{i}", title = new string('t', 500), snippet = new string('s', 5000) })), "find");
        var reply = await new SearchFixture(tools: [tool]).SearchAsync(Tool(""), "x", top: 200);
        Assert.Equal(200, reply.Hits.Count);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(reply).Length, 20_000, 32 * 1024);
        Assert.StartsWith("sss", reply.Hits[199].Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hits":[]}""", "", "which has no array at (the answer itself)")]
    [InlineData("""[{"name":"x"}]""", "", "which has no text or number at id")]
    [InlineData("\"no json\"", "hits", "which has no array at hits")]
    public async Task Search_ToolAnswersOtherwise_SaysWhatCame(string answer, string items, string says)
    {
        var tool = AIFunctionFactory.Create((string query) => JsonElement.Parse(answer), "find");
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => new SearchFixture(tools: [tool]).SearchAsync(Tool(items), "x"));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("The tool 'find' answered ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_Http_FillsTheUrlAndReadsTheAnswer()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK\r\nContent-Type: application/json", """{"response":{"docs":[{"id":"a","title":"A"},{"id":"b"}]}}"""));
        var search = new SearchFixture(http: new HttpGetOptions { AllowedHosts = [$"127.0.0.1:{server.Port}"] });
        var source = new SourceSettings { Http = new HttpSearch { Url = server.Url("/find?q={query}&rows={top}"), Result = new ResultMapping { Items = "response.docs" } } };
        Assert.Equal(["a", "b"], await search.IdsAsync(source, "heat & flow/{top}", top: 7));
        Assert.True(server.Requests.TryDequeue(out var request));
        Assert.StartsWith("GET /find?q=heat%20%26%20flow%2F%7Btop%7D&rows=7 ", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_HttpHostIsNotListed_IsRefused()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => new SearchFixture().SearchAsync(new SourceSettings { Http = new HttpSearch { Url = "http://127.0.0.1:9/?q={query}", Result = new() } }, "x"));
        Assert.Contains("not on the allow-list", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_HttpAnswersNoJson_SaysSo()
    {
        await using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK\r\nContent-Type: text/html", "<p>"));
        var search = new SearchFixture(http: new HttpGetOptions { AllowedHosts = [$"127.0.0.1:{server.Port}"] });
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => search.SearchAsync(new SourceSettings { Http = new HttpSearch { Url = server.Url("/{query}"), Result = new() } }, "x"));
        Assert.Contains("answered no JSON", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.org/?q={query}&n={top}", null)]
    [InlineData("https://example.org/", "has no {query}")]
    [InlineData("ftp://example.org/{query}", "is no http or https URL")]
    [InlineData("https://{query}/x", "in its host")]
    [InlineData("https://example.org{query}", "in its host")]
    [InlineData("https://example.org:{top}/{query}", "in its host")]
    [InlineData("", "has 0 characters")]
    public void UrlFault_Template_SaysWhatIsWrong(string url, string? says)
    {
        var fault = SearchTemplate.UrlFault(url);
        if (says is null) Assert.Null(fault);
        else Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a", true)]
    [InlineData("a.b[0].c", true)]
    [InlineData("[3]", true)]
    [InlineData("a[0][1]", true)]
    [InlineData("a.", false)]
    [InlineData(".a", false)]
    [InlineData("a..b", false)]
    [InlineData("a[x]", false)]
    [InlineData("a[-1]", false)]
    [InlineData("a b", false)]
    public void TryParse_Path_AcceptsOnlyPaths(string path, bool isPath) => Assert.Equal(isPath, ResultPath.TryParse(path, out _));

    private static SourceSettings Tool(string items) => new() { Tool = new ToolSearch { Tool = "find", Arguments = JsonElement.Parse("""{"query":"{query}"}"""), Result = new ResultMapping { Items = items } } };
}
