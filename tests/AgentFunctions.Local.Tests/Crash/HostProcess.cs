using System.Diagnostics;
using System.Globalization;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>The embedded host as a process of its own, to be killed, interrupted and read. For Unix: it sends signals.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>After this a process that should have answered or ended is taken for stuck. Long, because test machines are busy.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private HttpClient? http;

    private HostProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AGENTFUNCTIONS_", StringComparison.Ordinal)).ToList())
        {
            // What the test's own environment says (a seed, a model) is not for its children.
            start.Environment.Remove(name);
        }

        // What is killed within a second has no use for measuring its own code.
        start.Environment["DOTNET_TieredPGO"] = "0";

        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        process.StandardInput.Close();
        (Out, Error) = (new ProcessOutput(process.StandardOutput), new ProcessOutput(process.StandardError));
    }

    /// <summary>What starts the host: dotnet, and the assembly of the crash host beside the tests.</summary>
    public static IReadOnlyList<string> Program { get; } = [DotNet(), Path.Combine(AppContext.BaseDirectory, "AgentFunctions.CrashHost.dll")];

    /// <summary>What starts the product itself, without a ledger: with its caches over the models.</summary>
    public static IReadOnlyList<string> Product { get; } = [DotNet(), Path.Combine(AppContext.BaseDirectory, "AgentFunctions.Local.dll")];

    public ProcessOutput Out { get; }

    public ProcessOutput Error { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts a command of the host.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables to add. Default: none.</param>
    public static HostProcess Start(IEnumerable<string> arguments, params IReadOnlyList<(string Name, string Value)> environment) =>
        StartProgram([.. Program, .. arguments], environment);

    /// <summary>Starts a shell command line.</summary>
    public static HostProcess StartShell(string commandLine, params IReadOnlyList<(string Name, string Value)> environment) =>
        StartProgram(["bash", "-c", commandLine], [.. environment, ("PATH", $"{Path.GetDirectoryName(DotNet())}:{Environment.GetEnvironmentVariable("PATH")}")]);

    /// <summary>Starts any program.</summary>
    public static HostProcess StartProgram(IReadOnlyList<string> command, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new HostProcess(start);
    }

    /// <summary>Waits until it serves HTTP.</summary>
    public async Task<HostClient> ListeningAsync()
    {
        try
        {
            var line = await Out.LineAsync(line => line.Contains("listens on http", StringComparison.Ordinal)).WaitAsync(patience);
            http = new HttpClient { BaseAddress = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]), Timeout = patience };
            return new HostClient(http);
        }
        catch (Exception e) when (e is EndOfStreamException or TimeoutException)
        {
            throw new InvalidOperationException($"The host does not listen. {this}", e);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), Out.Ended, Error.Ended).WaitAsync(patience);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The process does not end. {this}", e);
        }

        return process.ExitCode;
    }

    /// <summary>kill -9: nothing more of it runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    /// <summary>Sends a signal: INT, TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    public override string ToString() => $"It wrote:\n{Out}\nand as errors:\n{Error}";

    private static string DotNet() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "/usr/bin/dotnet";
}
