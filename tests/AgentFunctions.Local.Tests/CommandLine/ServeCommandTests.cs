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

    [Theory]
    [InlineData("serve --in-memory", 30)]
    [InlineData("serve --in-memory --grace 0", 0)]
    [InlineData("--in-memory --grace 3600", 3600)]
    public async Task Serve_CtrlC_LetsWhatRunsEndForTheGrace(string typed, int seconds)
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        cli.Host.Unended = 2;

        Assert.Equal(0, await cli.TypeAsync(interrupt.Token, typed.Split(' ')));

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(cli.Host.Drains));
        Assert.Contains("2 activities had not ended: the next start runs them again.", cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, cli.Host.Disposals);
    }

    [Fact]
    public async Task Serve_HostFailsWhileItStops_SaysWhyAndExits1()
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        cli.Host.WhileDraining = () => cli.Host.Stop(new IOException("No space left on device."));

        Assert.Equal(1, await cli.TypeAsync(interrupt.Token, "serve", "--in-memory"));

        Assert.Equal("error: No space left on device.", cli.Error.Trim());
        Assert.Equal(1, cli.Host.Disposals);
    }

    [Fact]
    public async Task Serve_GraceOutOfRange_IsRefused()
    {
        Assert.Equal(2, await cli.TypeAsync("serve", "--grace", "3601"));
        Assert.Contains("--grace is '3601'. It must be a whole number, 0 to 3600.", cli.Error, StringComparison.Ordinal);
    }
}
