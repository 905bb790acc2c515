namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class UsageTests : IDisposable
{
    private readonly CommandLineFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("run", "No orchestrator is named")]
    [InlineData("run Greet", "Greet has no input")]
    [InlineData("run Greet --input a.json --files *.md", "Both --input a.json and --files *.md")]
    [InlineData("run Greet --files *.md --task x", "only MapReduce takes, not 'Greet'")]
    [InlineData("run MapReduce --files *.md", "--files is given without a task")]
    [InlineData("run Greet --input a.json --task x", "--task belongs to --files")]
    [InlineData("run Greet --resume x", "--resume x continues a run that has its input already")]
    [InlineData("run --resume x --instance-id y", "--resume x continues a run that has its input already")]
    [InlineData("run Greet --input - --instance-id a/b", "--instance-id is 'a/b'. An instance ID has 1 to 100 characters")]
    [InlineData("run Greet --input - --tenant Acme", "--tenant is 'Acme'. A tenant has 1 to 40 characters")]
    [InlineData("run Greet --input - --instance-id acme~x", "--instance-id is 'acme~x', the ID of a run of tenant 'acme', but this start is for tenant 'default'")]
    [InlineData("run Greet --input - --instance-id order:2026", "--instance-id is 'order:2026', which is the ID of a sub-orchestration of the run 'order'")]
    [InlineData("run Greet --input - --tenant acme --instance-id globex~x", "the ID of a run of tenant 'globex', but this start is for tenant 'acme'")]
    [InlineData("run --resume x --tenant acme", "--resume x continues a run that has its input already")]
    [InlineData("run Greet --input - --budget 0", "--budget is '0'. Write US dollars as a number above 0")]
    [InlineData("run Greet --input - --budget-tokens 1.5", "--budget-tokens is '1.5'. Write a whole number of tokens")]
    [InlineData("run --resume x --budget 1", "--resume x continues a run that has its input already")]
    [InlineData("simulate-provider --fault-rate 3", "FaultRate is 3. Set it to between 0 and 1.")]
    [InlineData("run Greet --input missing.json", "'missing.json' can't be read")]
    [InlineData("run MapReduce --files nothing/*.md --task x", "No file matches 'nothing/*.md'")]
    [InlineData("run Greet --input", "Required argument missing for option: '--input'")]
    [InlineData("run Greet --input - --bogus", "--bogus")]
    [InlineData("run Greet --input - --max-activities 0", "--max-activities is '0'. It must be a whole number, 1 to 100000.")]
    [InlineData("serve --max-activities many", "--max-activities is 'many'")]
    [InlineData("serve --port 65536", "--port is '65536'. It must be a whole number, 0 to 65535.")]
    [InlineData("serve --port 80 --urls http://localhost", "--urls is 'http://localhost' and --port is 80")]
    [InlineData("serve --urls ftp://localhost", "urls has 'ftp://localhost', which is no address to listen on")]
    [InlineData("serve --in-memory --data x", "Both --in-memory and --data")]
    [InlineData("--port http", "--port is 'http'")]
    [InlineData("fly", "fly")]
    public async Task Usage_Wrong_SaysWhatAndExits2WithoutAHost(string typed, string message)
    {
        Assert.Equal(2, await cli.TypeAsync(typed.Split(' ')));

        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Host.Starts);
    }

    [Fact]
    public async Task Help_IsPrintedAndExits0()
    {
        Assert.Equal(0, await cli.TypeAsync("--help"));

        Assert.Contains("serve", cli.Out, StringComparison.Ordinal);
        Assert.Contains("run", cli.Out, StringComparison.Ordinal);
    }
}
