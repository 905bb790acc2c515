using System.Text.Json;
using AgentFunctions.Core.Tests.Tools;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Tests.Tools.Search;

public sealed class SearchFilesToolTests : IDisposable
{
    private readonly DirectoryInfo outer = Directory.CreateTempSubdirectory("search-files");
    private readonly string folder;

    public SearchFilesToolTests()
    {
        folder = Path.Combine(outer.FullName, "texts");
        Write("a.txt", "Nothing of note here.\n\nThe zebra grazes.\nIt is a calm zebra.\n\nThe end.");
        Write("sub/b.md", "A long text about many animals: the cow, the horse, the goat, the hen, the dog, and in passing the zebra, of which no more is said.");
        Write("c.txt", "The the the the.");
    }

    public void Dispose() => outer.Delete(recursive: true);

    [Fact]
    public async Task Invoke_Query_FindsFileLineAndSnippet()
    {
        var reply = await SearchAsync("ZEBRA");
        var hits = reply.GetProperty("hits").EnumerateArray().ToList();
        Assert.Equal(["a.txt", "sub/b.md"], hits.Select(hit => hit.GetProperty("file").GetString()));
        Assert.Equal(3, hits[0].GetProperty("line").GetInt32());
        Assert.Contains("The zebra grazes. It is a calm zebra.", hits[0].GetProperty("snippet").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, reply.GetProperty("files").GetInt32());
        Assert.True(hits[0].GetProperty("score").GetDouble() > hits[1].GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Invoke_RareAndCommonWord_RareOneDecides()
    {
        var hits = (await SearchAsync("the goat")).GetProperty("hits");
        Assert.Equal("sub/b.md", hits[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Invoke_Top_LimitsTheHits() => Assert.Equal(1, (await SearchAsync("zebra", top: 1)).GetProperty("hits").GetArrayLength());

    [Fact]
    public async Task Invoke_NoFit_HasNoHits() => Assert.Equal(0, (await SearchAsync("okapi")).GetProperty("hits").GetArrayLength());

    [Fact]
    public async Task Invoke_LongParagraph_FindsTheLineWithinIt()
    {
        Write("long.txt", string.Concat(Enumerable.Range(1, 500).Select(n => n == 400 ? "here is an aardvark\n" : "some words on a line\n")));
        var hit = (await SearchAsync("aardvark")).GetProperty("hits")[0];
        Assert.Equal(("long.txt", 400), (hit.GetProperty("file").GetString(), hit.GetProperty("line").GetInt32()));
        Assert.InRange(hit.GetProperty("snippet").GetString()!.Length, 20, 300);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("outside.txt")]
    [InlineData("/etc/passwd secret")]
    public async Task Invoke_QueryLikeAPath_ReadsNothingOutside(string query)
    {
        await File.WriteAllTextAsync(Path.Combine(outer.FullName, "outside.txt"), "outside secret etc passwd");
        Assert.Equal(0, (await SearchAsync(query)).GetProperty("hits").GetArrayLength());
    }

    [Fact]
    public async Task Invoke_LinkToOutside_IsNotFollowed()
    {
        var outside = outer.CreateSubdirectory("outside");
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret.txt"), "the secret okapi");
        File.CreateSymbolicLink(Path.Combine(folder, "link.txt"), Path.Combine(outside.FullName, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), outside.FullName);
        Assert.Equal(0, (await SearchAsync("okapi")).GetProperty("hits").GetArrayLength());
    }

    [Fact]
    public async Task Invoke_LargeAndBinaryFiles_AreCountedAsSkipped()
    {
        Write("large.txt", new string('x', 2000));
        await File.WriteAllBytesAsync(Path.Combine(folder, "binary.txt"), [1, 0, 2]);
        var reply = await SearchAsync("zebra", maxFileBytes: 1024);
        Assert.Equal((3, 2), (reply.GetProperty("files").GetInt32(), reply.GetProperty("skipped").GetInt32()));
    }

    [Fact]
    public async Task Invoke_TooManyFiles_NamesTheSetting()
    {
        var tool = new SearchFilesTool(new SearchFilesOptions { Folder = folder, MaxFiles = 2 });
        Assert.Contains("more than 2 files", await tool.RefusalAsync("""{"query":"zebra"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NoFolder_NamesTheSetting() =>
        Assert.Contains("Tools:SearchFiles:Folder", await new SearchFilesTool(new SearchFilesOptions()).RefusalAsync("""{"query":"x"}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"query":"?!"}""", "which has no word")]
    [InlineData("""{"query":"x","top":0}""", "from 1 to 50")]
    [InlineData("""{"query":"x","top":51}""", "from 1 to 50")]
    [InlineData("""{"query":"x","folder":"/etc"}""", "has no argument 'folder'")]
    [InlineData("""{"query":7}""", "Give a string")]
    public async Task Invoke_WrongArguments_AreNamed(string arguments, string expected) =>
        Assert.Contains(expected, await new SearchFilesTool(new SearchFilesOptions { Folder = folder }).RefusalAsync(arguments), StringComparison.Ordinal);

    [Fact]
    public async Task Invoke_Cancelled_Stops()
    {
        var tool = new SearchFilesTool(new SearchFilesOptions { Folder = folder });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tool.CallAsync("""{"query":"zebra"}""", new CancellationToken(canceled: true)));
    }

    private Task<JsonElement> SearchAsync(string query, int top = 5, int maxFileBytes = 1 << 20) =>
        new SearchFilesTool(new SearchFilesOptions { Folder = folder, MaxFileBytes = maxFileBytes }).CallAsync(JsonSerializer.Serialize(new { query, top }));

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
