namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class ServeCommandTests : IDisposable
{
    private readonly CommandLineFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("", ".agentfunctions", "http://127.0.0.1:7071", 256)]
    [InlineData("serve", ".agentfunctions", "http://127.0.0.1:7071", 256)]
    [InlineData("serve --in-memory --port 0", null, "http://127.0.0.1:0", 256)]
    [InlineData("--data d --max-activities 9", "d", "http://127.0.0.1:7071", 9)]
    [InlineData("serve --urls http://*:80;https://localhost:443", ".agentfunctions", "http://*:80;https://localhost:443", 256)]
    public async Task Serve_UntilCtrlC_StartsAHostAndExits0(string typed, string? data, string urls, int maxActivities)
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        Assert.Equal(0, await cli.TypeAsync(interrupt.Token, typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        var options = Assert.Single(cli.Host.Starts);
        Assert.Equal((data, urls, maxActivities), (options.DataDirectory, options.Urls, options.MaxActivities));
        Assert.Contains("listens on http://127.0.0.1:7171", cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, cli.Host.Disposals);
    }

    [Fact]
    public async Task Serve_HostFails_SaysWhyAndExits1()
    {
        cli.Host.Stop(new IOException("No space left on device."));

        Assert.Equal(1, await cli.TypeAsync("serve", "--in-memory"));

        Assert.Equal("error: No space left on device.", cli.Error.Trim());
    }
}
