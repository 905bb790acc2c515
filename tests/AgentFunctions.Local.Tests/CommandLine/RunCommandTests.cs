using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using Moq;

namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class RunCommandTests : IDisposable
{
    private readonly CommandLineFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Run_CompletedRun_PrintsResultThenTimelineAndExits0()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"All is well.","documents":3}""", null, Step(0, 0, 0.5, 2));
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "greet", "--input", "-", "--instance-id", "run-1"));

        var (name, input, options) = cli.Host.Started();
        Assert.Equal("Greet", name);
        Assert.Equal("Ada (prepared)", input.GetProperty("name").GetString());
        Assert.Equal("run-1", options.InstanceId);
        Assert.Matches(@"(?s)1 of 1 steps done.*All is well\.\s+documents: 3.*\*.*CallModel.*critical path \* +2\.0 s over 1 steps: 1\.5 s running, 500 ms queued", cli.Out);
        Assert.Equal("", cli.Error);
        Assert.Equal(1, cli.Host.Disposals);
        Assert.Equal((".agentfunctions", null, 256), (cli.Host.Starts[0].DataDirectory, cli.Host.Starts[0].Urls, cli.Host.Starts[0].MaxActivities));
    }

    [Theory]
    [InlineData("run-1", "acme~run-1")]
    [InlineData("acme~run-1", "acme~run-1")]
    public async Task Run_Tenant_StandsInFrontOfTheInstanceId(string given, string expected)
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"x"}""");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-", "--tenant", "acme", "--instance-id", given, "--json"));

        Assert.Equal(expected, cli.Host.Started().Options.InstanceId);
    }

    [Fact]
    public async Task Run_Budget_IsTheStarts()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"x"}""");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-", "--budget", "0.50", "--budget-tokens", "2000", "--json"));

        Assert.Equal(new BudgetLimit { Usd = 0.5m, Tokens = 2000 }, cli.Host.Started().Options.Budget);
    }

    [Fact]
    public async Task Run_BudgetWhereRunsMayHaveNone_IsRefusedAndNothingIsStarted()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"x"}""");
        cli.Host.RunBudgets = false;
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(2, await cli.TypeAsync("run", "Greet", "--input", "-", "--budget", "0.50"));

        Assert.Contains("The run is given a budget of $0.50, and this host keeps none of single runs. Leave --budget and --budget-tokens out, or set AGENTFUNCTIONS_Budgets__RunBudgets to true.", cli.Error, StringComparison.Ordinal);
        cli.Host.VerifyNothingStarted();
    }

    [Fact]
    public async Task Run_TenantWithoutAnId_IsANewIdOfTheTenant()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"x"}""");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-", "--tenant", "acme", "--json"));

        Assert.Matches("^acme~[0-9a-f]{32}$", cli.Host.Started().Options.InstanceId);
    }

    [Fact]
    public async Task Run_ResultThatIsNoText_IsPrintedAsJson()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"branches":[{"key":"a","value":"ä"}]}""");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Contains("\"value\": \"ä\"", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_PrintsTheResultAndNothingElse()
    {
        cli.Host.Ends(RuntimeStatus.Completed, """{"result":"x"}""", null, Step(0, 0, 0, 1));
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-", "--json"));

        Assert.Equal("x", JsonSerializer.Deserialize<JsonElement>(cli.Out).GetProperty("result").GetString());
        Assert.Equal("", cli.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_FailedRun_SaysWhereAndExits1(bool json)
    {
        cli.Host.Ends(RuntimeStatus.Failed, null, new FailureDetails { Type = "TimeoutException", Message = "Too late.", Step = "CallTool" });
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(1, await cli.TypeAsync(["run", "Greet", "--input", "-", .. json ? ["--json"] : Array.Empty<string>()]));

        Assert.Contains("The run 'run-1' failed at CallTool: TimeoutException: Too late.", cli.Error, StringComparison.Ordinal);
        Assert.Equal(json, cli.Out.Length == 0);
    }

    [Fact]
    public async Task Run_TerminatedRun_SaysWhyAndExits1()
    {
        cli.Host.Ends(RuntimeStatus.Terminated, "\"too costly\"");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(1, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Contains("was terminated: \"too costly\"", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InvalidInput_SaysAllThatIsWrongByPathAndStartsNothing()
    {
        cli.Input = """{"name":""}""";

        Assert.Equal(2, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Equal(["error: The input does not fit Greet:", "  name: is empty. Say whom to greet.", "  name: has no letter."], cli.Error.Trim().Split(Environment.NewLine));
        cli.Host.VerifyNothingStarted();
    }

    [Theory]
    [InlineData("""{"nam":"Ada"}""", "The input does not fit Greet")]
    [InlineData("""{}""", "The input does not fit Greet")]
    [InlineData("""{"name":7}""", "  name: ")]
    [InlineData("""null""", "The input does not fit Greet")]
    [InlineData("""{"name":"Ada","name":"Bob"}""", "Standard input can't be the input.")]
    [InlineData("""{"name":""", "Standard input can't be the input.")]
    [InlineData("", "Standard input can't be the input.")]
    public async Task Run_JsonThatDoesNotFit_SaysSoAndStartsNothing(string json, string message)
    {
        cli.Input = json;

        Assert.Equal(2, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
        cli.Host.VerifyNothingStarted();
    }

    [Theory]
    [InlineData("Nobody")]
    [InlineData("MapReducePart")]
    public async Task Run_OrchestratorThatClientsCannotStart_NamesThoseTheyCan(string name)
    {
        cli.Input = "{}";

        Assert.Equal(2, await cli.TypeAsync("run", name, "--input", "-"));

        Assert.Contains($"There is no orchestrator '{name}'. There are: Greet, MapReduce.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Files_StartsMapReduceWithOneDocumentAFile()
    {
        cli.Write("b.txt", "second");
        cli.Write("a.txt", "first");
        cli.Write("deep/er/c.md", "third");

        Assert.Equal(0, await cli.TypeAsync("run", "MapReduce", "--files", $"{cli.Folder}/*.txt", $"{cli.Folder}/**/*.md", "--files", $"{cli.Folder}/a.*", "--task", "Sum up."));

        var input = cli.Host.Started().Input;
        Assert.Equal("Sum up.", input.GetProperty("task").GetString());
        Assert.Equal(["first", "second", "third"], input.GetProperty("documents").EnumerateArray().Select(d => d.GetProperty("text").GetString()!), StringComparer.Ordinal);
        Assert.EndsWith("/deep/er/c.md", input.GetProperty("documents")[2].GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InstanceThatWasThere_SaysSoAndShowsIt()
    {
        cli.Host.Mock.Setup(c => c.StartAsync("Greet", It.IsAny<JsonElement>(), It.IsAny<StartOptions>(), It.IsAny<CancellationToken>())).ReturnsAsync(new StartedRun("run-1", Created: false));
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(0, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Contains("'run-1' was there already", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_KeepsTheRunAndPrintsTheCommandThatContinuesIt()
    {
        using var interrupt = new CancellationTokenSource();
        cli.Host.EndsWith(new TaskCompletionSource<RunState>().Task);
        cli.Host.Mock.Setup(c => c.WaitForCompletionAsync("run-1", It.IsAny<CancellationToken>())).Returns(async (string _, CancellationToken token) =>
        {
            await interrupt.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("The token did not fire.");
        });
        cli.Input = """{"name":"Ada"}""";
        var data = Path.Combine(cli.Folder, "my data");

        Assert.Equal(130, await cli.TypeAsync(interrupt.Token, "run", "Greet", "--input", "-", "--data", data));

        Assert.Contains($"agentfunctions run --resume run-1 --data '{data}'", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Host.Disposals);
    }

    [Fact]
    public async Task Run_InterruptedBeforeTheStart_SaysThatNothingWasStarted()
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        cli.Host.StartFailure = new OperationCanceledException(interrupt.Token);
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(130, await cli.TypeAsync(interrupt.Token, "run", "Greet", "--input", "-"));

        Assert.Contains("before anything was started", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_SuspendedRun_ResumesAndShowsIt()
    {
        cli.Host.Mock.Setup(c => c.GetAsync("run-1", It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(FakeHost.State(RuntimeStatus.Suspended));
        cli.Host.Mock.Setup(c => c.ResumeAsync("run-1", It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask).Verifiable();

        Assert.Equal(0, await cli.TypeAsync("run", "--resume", "run-1"));

        cli.Host.Mock.Verify();
        cli.Host.VerifyNothingStarted();
        Assert.Contains("\"done\"", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_UnknownRun_SaysSoAndExits2()
    {
        cli.Host.Mock.Setup(c => c.GetAsync("gone", It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync((RunState?)null);

        Assert.Equal(2, await cli.TypeAsync("run", "--resume", "gone"));

        Assert.Contains("There is no run 'gone'", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputIsNoTerminal_PrintsOneLineASecond()
    {
        var end = new TaskCompletionSource<RunState>();
        cli.Host.EndsWith(end.Task, Step(0, 0, 0, 1), Step(1, 0, 0, null), Step(2, 0, null, null));
        cli.Input = """{"name":"Ada"}""";

        var typed = cli.TypeAsync("run", "Greet", "--input", "-");
        await cli.Time.AdvanceOnceAwaitedAsync(TimeSpan.FromSeconds(1));
        await cli.Time.AdvanceOnceAwaitedAsync(TimeSpan.FromSeconds(1));
        await cli.Time.AdvanceOnceAwaitedAsync(TimeSpan.FromSeconds(0.5));
        end.SetResult(FakeHost.State(RuntimeStatus.Completed, "1"));

        Assert.Equal(0, await typed);
        Assert.Equal(
            ["1.0 s: 1 of 3 steps done, 1 running, 1 queued, $0.00, 0 tokens", "2.0 s: 1 of 3 steps done, 1 running, 1 queued, $0.00, 0 tokens"],
            cli.Out.Split(Environment.NewLine).Where(l => l.Contains("of 3 steps", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Run_HostStopsBeforeTheRunEnds_SaysWhyAndExits1()
    {
        cli.Host.EndsWith(new TaskCompletionSource<RunState>().Task);
        cli.Host.Stop(new IOException("No space left on device."));
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(1, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Contains("The host stopped before the run 'run-1' ended: No space left on device. To continue it, run --resume run-1.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HostCannotStart_SaysWhyAndExits1()
    {
        cli.Host.StartFailure = new IOException("The folder is in use by process 1.");
        cli.Input = """{"name":"Ada"}""";

        Assert.Equal(1, await cli.TypeAsync("run", "Greet", "--input", "-"));

        Assert.Equal("error: The folder is in use by process 1.", cli.Error.Trim());
    }

    internal static HistoryStep Step(int id, double scheduled, double? started, double? ended) => new()
    {
        Id = id,
        Kind = StepKind.Activity,
        Name = "CallModel",
        Status = ended is null ? StepStatus.Running : StepStatus.Completed,
        ScheduledAt = FakeHost.Created.AddSeconds(scheduled),
        StartedAt = started is { } s ? FakeHost.Created.AddSeconds(s) : null,
        EndedAt = ended is { } e ? FakeHost.Created.AddSeconds(e) : null,
    };
}
