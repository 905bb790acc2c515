using System.Net;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>Folders that a host can't have.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("serve")]
    [InlineData("run")]
    public async Task Start_FolderOfALivingHost_IsRefusedByNameAndLeavesThatHostAlone(string command)
    {
        using var folder = new DataFolder();
        await using var first = folder.Serve();
        var client = await first.ListeningAsync();
        var run = CrashWork.Calls(2, milliseconds: 10, parallel: 2);

        await using var second = command == "serve" ? folder.Serve() : folder.Start("run", "ToolFanOut", "--input", folder.Write("input.json", run.Input));

        Assert.Equal(1, await second.ExitAsync());
        AssertOneError(second, folder.Journal, $"process {first.Id}");
        Assert.Equal("", second.Out.ToString());
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Get, "/api/health")).Status);
        await client.FinishAsync(run.Orchestrator, run.Input, "still-alive");
    }

    [Fact]
    public async Task Start_CacheOfAnotherProcess_IsRefusedByName()
    {
        using var folder = new DataFolder();
        var cache = Path.Combine(folder.Path, "cache");
        using var held = new PhysicalJournalStorage(cache, "cache");

        await using var host = folder.Serve();

        Assert.Equal(1, await host.ExitAsync());
        AssertOneError(host, $"The cache's folder '{cache}' is in use by process {Environment.ProcessId}.", "choose another data folder");
    }

    [Fact]
    public async Task Start_FolderUnderAFile_IsRefusedByName()
    {
        using var folder = new DataFolder();
        var file = folder.Write("file", "not a folder");

        await using var host = HostProcess.Start(["serve", "--port", "0", "--data", Path.Combine(file, "data")]);

        Assert.Equal(1, await host.ExitAsync());
        AssertOneError(host, Path.Combine(file, "data"), "Choose a folder");
        Assert.Equal("not a folder", await File.ReadAllTextAsync(file));
    }

    private static void AssertOneError(HostProcess host, params IReadOnlyList<string> says)
    {
        var error = host.Error.ToString().TrimEnd();
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.All(says, said => Assert.Contains(said, error, StringComparison.Ordinal));
    }
}
