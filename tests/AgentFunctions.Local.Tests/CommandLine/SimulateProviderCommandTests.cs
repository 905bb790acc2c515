using System.Text.RegularExpressions;
using AgentFunctions.Local.CommandLine;
using Spectre.Console;

namespace AgentFunctions.Local.Tests.CommandLine;

public sealed class SimulateProviderCommandTests
{
    [Fact]
    public async Task SimulateProvider_UntilCtrlC_AnswersAndThenCounts()
    {
        using var interrupt = new CancellationTokenSource();
        var output = new ReadyWriter("stop");
        var terminal = new Terminal(TextReader.Null, output, TextWriter.Null, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), Live: false, "agentfunctions");

        var serving = new AgentFunctionsCommand(terminal, new FakeHost(), TimeProvider.System).InvokeAsync(["simulate-provider", "--port", "0", "--base-ms", "0"], interrupt.Token);
        await output.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        using var http = new HttpClient();
        var stats = await http.GetStringAsync(new Uri(Regex.Match(output.ToString(), @"counts (\S+)").Groups[1].Value));
        await interrupt.CancelAsync();

        Assert.Equal(0, await serving);
        Assert.Contains("\"requests\":", stats, StringComparison.Ordinal);
        Assert.Contains("0 answered, 0 throttled", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class ReadyWriter(string word) : StringWriter
    {
        private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ready => ready.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (value?.Contains(word, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        }
    }
}
