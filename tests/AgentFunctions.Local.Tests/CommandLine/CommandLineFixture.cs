using AgentFunctions.Local.CommandLine;
using Spectre.Console;

namespace AgentFunctions.Local.Tests.CommandLine;

/// <summary>Types commands at a fake host and reads what they print.</summary>
internal sealed class CommandLineFixture : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public FakeHost Host { get; } = new();

    public ManualTime Time { get; } = new(FakeHost.Created);

    public string Input { get; set; } = "";

    public string Folder { get; } = Directory.CreateTempSubdirectory("agentfunctions-cli-").FullName;

    public string Out => output.ToString();

    public string Error => error.ToString();

    public async Task<int> TypeAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Terminal.RedirectedWidth;
        var terminal = new Terminal(new StringReader(Input), output, error, console, Live: false, "agentfunctions");
        return await new AgentFunctionsCommand(terminal, Host, Time).InvokeAsync(arguments, cancellationToken);
    }

    public Task<int> TypeAsync(params string[] arguments) => TypeAsync(CancellationToken.None, arguments);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
