using AgentFunctions.Local.CommandLine;

namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class ShellCommandTests
{
    [Theory]
    [InlineData("plain-1.txt", "plain-1.txt", "plain-1.txt")]
    [InlineData("", "''", "\"\"")]
    [InlineData("my data", "'my data'", "\"my data\"")]
    [InlineData("it's", "'it'\\''s'", "\"it's\"")]
    [InlineData("$HOME", "'$HOME'", "\"$HOME\"")]
    [InlineData("C:\\x", "'C:\\x'", "C:\\x")]
    public void Quote_Word_IsOneWordForTheShell(string word, string posix, string windows)
    {
        Assert.Equal(posix, ShellCommand.Quote(word, windows: false));
        Assert.Equal(windows, ShellCommand.Quote(word, windows: true));
    }

    [Fact]
    public void Resume_RelativeFolder_IsWrittenInFull() =>
        Assert.Equal($"p run --resume r-1 --data {ShellCommand.Quote(Path.GetFullPath("d"))}", ShellCommand.Resume("p", "r-1", "d"));
}
