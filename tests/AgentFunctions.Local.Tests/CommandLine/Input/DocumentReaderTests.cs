using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.CommandLine.Input;

namespace AgentFunctions.Local.Tests.CommandLine.Input;

public sealed class DocumentReaderTests : IDisposable
{
    private readonly CommandLineFixture files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("*.md", "a.md")]
    [InlineData("**/*.md", "a.md,x/b.md,x/y/c.md")]
    [InlineData("x/**/*.md", "x/b.md,x/y/c.md")]
    [InlineData("./x/*", "x/b.md,x/b.txt")]
    [InlineData("a.md", "a.md")]
    [InlineData("A.md", "")]
    [InlineData("none/*.md", "")]
    public void Find_Pattern_GivesRelativePathsInOrder(string pattern, string expected)
    {
        foreach (var name in (string[])["x/y/c.md", "x/b.md", "x/b.txt", "a.md"])
        {
            files.Write(name, name);
        }

        Assert.Equal(expected, string.Join(',', FileGlob.Find(pattern, files.Folder)));
    }

    [Fact]
    public void Find_PatternAboveTheFolder_GivesPathsThatLeadThere()
    {
        files.Write("side/a.md", "a");
        Directory.CreateDirectory(Path.Combine(files.Folder, "here"));

        Assert.Equal(["../side/a.md"], FileGlob.Find("../side/*.md", Path.Combine(files.Folder, "here")));
    }

    [Fact]
    public async Task Read_ByteOrderMark_IsNoPartOfTheText()
    {
        await File.WriteAllBytesAsync(Path.Combine(files.Folder, "bom.txt"), [0xEF, 0xBB, 0xBF, (byte)'x']);

        var input = await DocumentReader.ReadAsync(["bom.txt"], "t", files.Folder, CancellationToken.None);

        Assert.Equal("x", input.GetProperty("documents")[0].GetProperty("text").GetString());
        Assert.Equal("bom.txt", input.GetProperty("documents")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x41 }, "is no UTF-8 text")]
    [InlineData(new byte[] { 0x41, 0x00 }, "holds zero bytes")]
    public async Task Read_FileThatIsNoText_IsRefusedByName(byte[] bytes, string message)
    {
        await File.WriteAllBytesAsync(Path.Combine(files.Folder, "blob.bin"), bytes);

        var refused = await Assert.ThrowsAsync<UsageException>(() => DocumentReader.ReadAsync(["*.bin"], "t", files.Folder, CancellationToken.None));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("blob.bin", refused.Message, StringComparison.Ordinal);
    }
}
