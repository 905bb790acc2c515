using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tests.Tools;

namespace AgentFunctions.Core.Tests.Search;

public sealed class LocalSourceTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("search-sources");
    private readonly ManualTime time = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(SearchSourceKind.Bm25)]
    [InlineData(SearchSourceKind.Embeddings)]
    public async Task Search_Jsonl_FindsWhatFitsBest(SearchSourceKind kind)
    {
        var search = Search(kind, """
            {"id":1,"title":"Boundary layers","text":"The boundary layer over a flat plate grows with its length."}

            {"id":"two","title":"Flutter","text":"Panels flutter when the flow is fast enough.","year":1958}
            {"id":"three","text":"Heat conducted through composite slabs."}
            """);
        var reply = await search.SearchAsync(SearchFixture.Named("docs"), "fluttering of panels");
        Assert.Equal("two", reply.Hits[0].Id);
        Assert.Equal("Flutter", reply.Hits[0].Title);
        Assert.Contains("Panels flutter", reply.Hits[0].Snippet, StringComparison.Ordinal);
        Assert.True(reply.Hits[0].Score > 0);
        Assert.Equal("1", (await search.IdsAsync(SearchFixture.Named("DOCS"), "layer on plates"))[0]);
    }

    [Fact]
    public async Task Search_Folder_GivesPassagesByFileAndLine()
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "sub"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "sub", "b.md"), "The cow grazes.\n\n\nA zebra runs.\nIt is fast.");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.txt"), string.Join(' ', Enumerable.Repeat("filler", 150)) + " zebra zebra");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "c.bin"), [.. "zebra"u8, 0]);
        var search = new SearchFixture(SearchFixture.Options(("docs", new SearchSourceOptions { Folder = folder.FullName })));
        var hits = (await search.SearchAsync(SearchFixture.Named("docs"), "zebras")).Hits;
        Assert.Equal(["a.txt#L1C1050", "sub/b.md#L4"], hits.Select(hit => hit.Id).Order(StringComparer.Ordinal));
        Assert.Equal("sub/b.md", hits.Single(hit => hit.Id == "sub/b.md#L4").Title);
        Assert.Equal("A zebra runs. It is fast", hits.Single(hit => hit.Id == "sub/b.md#L4").Snippet);
    }

    [Fact]
    public async Task Search_FileChanges_IsSeenAfterTheRefreshTime()
    {
        var search = Search(SearchSourceKind.Bm25, """{"id":"old","text":"zebra"}""");
        Assert.Equal(["old"], await search.IdsAsync(SearchFixture.Named("docs"), "zebra"));
        Write("""{"id":"old","text":"zebra"}""" + "\n" + """{"id":"new","text":"zebra zebra"}""");
        Assert.Equal(["old"], await search.IdsAsync(SearchFixture.Named("docs"), "zebra"));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["new", "old"], await search.IdsAsync(SearchFixture.Named("docs"), "zebra"));
    }

    [Fact]
    public async Task Search_FileIsBad_SaysWhereAndRecovers()
    {
        var search = Search(SearchSourceKind.Bm25, """{"id":"old","text":"zebra"}""");
        Write("{\"id\":\"a\",\"text\":\"zebra\"}\n{\"id\":");
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => search.IdsAsync(SearchFixture.Named("docs"), "zebra"));
        Assert.StartsWith("Line 2 of '", error.Message, StringComparison.Ordinal);
        Write("""{"id":"good","text":"zebra"}""");
        Assert.Equal(["good"], await search.IdsAsync(SearchFixture.Named("docs"), "zebra"));
    }

    [Theory]
    [InlineData("""{"id":"a","text":"x"}""" + "\n" + """{"id":"a","text":"y"}""", "has the id 'a' of an earlier line")]
    [InlineData("""{"text":"x"}""", "has no text or number of 1 to 200 characters in 'id'")]
    [InlineData("""{"id":"a","title":"x"}""", "has no text in 'text'")]
    [InlineData("[1]", "is a JSON Array")]
    public async Task Search_WrongLine_IsRefused(string lines, string says)
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => Search(SearchSourceKind.Bm25, lines).IdsAsync(SearchFixture.Named("docs"), "x"));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OverTheLimits_IsRefused()
    {
        var search = Search(SearchSourceKind.Bm25, """{"id":"a","text":"x"}""" + "\n" + """{"id":"b","text":"x"}""", source => source.MaxDocuments = 1);
        Assert.Contains("Search:Sources:docs:MaxDocuments", (await Assert.ThrowsAsync<PermanentFailureException>(() => search.IdsAsync(SearchFixture.Named("docs"), "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_EqualScores_GoById()
    {
        var search = Search(SearchSourceKind.Bm25, string.Join('\n', new[] { "c", "a", "b" }.Select(id => $$"""{"id":"{{id}}","text":"zebra"}""")));
        Assert.Equal(["a", "b"], await search.IdsAsync(SearchFixture.Named("docs"), "zebra", top: 2));
    }

    [Fact]
    public async Task Search_OnlyCommonWords_FindsNothing() => Assert.Empty(await Search(SearchSourceKind.Bm25, """{"id":"a","text":"the of and"}""").IdsAsync(SearchFixture.Named("docs"), "what is the"));

    [Fact]
    public async Task Search_UnknownName_NamesThoseThereAre()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => Search(SearchSourceKind.Bm25, """{"id":"a","text":"x"}""").IdsAsync(SearchFixture.Named("nope"), "x"));
        Assert.Equal("There is no search source 'nope'. There are: docs.", error.Message);
    }

    [Fact]
    public async Task Search_ManyAtOnce_BuildTheIndexOnce()
    {
        var search = Search(SearchSourceKind.Embeddings, """{"id":"a","text":"zebra"}""");
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => search.SearchAsync(SearchFixture.Named("docs"), "zebra"))));
        Assert.All(replies, reply => Assert.Equal("a", reply.Hits.Single().Id));

        // The index's two tokens are borne by one of the searches; each query has two of its own.
        Assert.Equal((20 * 2) + 2, replies.Sum(reply => reply.Cost!.InputTokens));
    }

    [Theory]
    [InlineData("K1", "-1")]
    [InlineData("B", "1.5")]
    [InlineData("Refresh", "-00:00:01")]
    [InlineData("MaxDocuments", "0")]
    [InlineData("MaxBytes", "1023")]
    [InlineData("MaxFiles", "0")]
    [InlineData("MaxFileBytes", "0")]
    [InlineData("Folder", "/no/such/folder")]
    [InlineData("File", "/no/such/file")]
    [InlineData("IdField", "")]
    [InlineData("TextField", "")]
    public void Validate_WrongSetting_NamesIt(string setting, string value)
    {
        var source = new SearchSourceOptions { Folder = setting == "File" ? null : folder.FullName };
        var property = typeof(SearchSourceOptions).GetProperty(setting)!;
        property.SetValue(source, property.PropertyType == typeof(TimeSpan) ? TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : Convert.ChangeType(value, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
        var failures = Failures(source);
        Assert.StartsWith($"Search:Sources:docs:{setting} is ", failures.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_MappedSources_AreChecked()
    {
        Assert.Contains("has no {query}", Failures(new SearchSourceOptions { Kind = SearchSourceKind.Http, Url = "https://example.org/" }).Single(), StringComparison.Ordinal);
        Assert.Contains("in its host", Failures(new SearchSourceOptions { Kind = SearchSourceKind.Http, Url = "https://{query}.example.org/" }).Single(), StringComparison.Ordinal);
        Assert.Contains(":Tool is empty", Failures(new SearchSourceOptions { Kind = SearchSourceKind.Tool }).Single(), StringComparison.Ordinal);
        Assert.Contains(":Arguments is '[]'", Failures(new SearchSourceOptions { Kind = SearchSourceKind.Tool, Tool = "t", Arguments = "[]" }).Single(), StringComparison.Ordinal);
        Assert.Contains(":Result:items: 'a..b' is no path", Failures(new SearchSourceOptions { Kind = SearchSourceKind.Tool, Tool = "t", Result = new() { Items = "a..b" } }).Single(), StringComparison.Ordinal);
        Assert.Contains("neither Folder nor File", Failures(new SearchSourceOptions()).Single(), StringComparison.Ordinal);
        Assert.Empty(Failures(new SearchSourceOptions { Folder = folder.FullName }));
    }

    private static IEnumerable<string> Failures(SearchSourceOptions source) => new SearchOptionsValidation().Validate(null, SearchFixture.Options(("docs", source))).Failures ?? [];

    private SearchFixture Search(SearchSourceKind kind, string lines, Action<SearchSourceOptions>? configure = null)
    {
        Write(lines);
        var source = new SearchSourceOptions { Kind = kind, File = Path.Combine(folder.FullName, "docs.jsonl") };
        configure?.Invoke(source);
        return new SearchFixture(SearchFixture.Options(("docs", source)), time: time);
    }

    private void Write(string lines) => File.WriteAllText(Path.Combine(folder.FullName, "docs.jsonl"), lines);
}
