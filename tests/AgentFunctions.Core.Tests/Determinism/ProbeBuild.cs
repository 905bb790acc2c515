using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Tests.Determinism;

/// <summary>Builds tests/AgentFunctions.DeterminismProbe once, and keeps the errors.</summary>
public sealed partial class ProbeBuild : IAsyncLifetime
{
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(3);

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The probe's folder.</summary>
    public static string Project { get; } = Path.Combine(Root, "tests", "AgentFunctions.DeterminismProbe");

    public IReadOnlyList<BuildError> Errors { get; private set; } = [];

    public int ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentfunctions-probe-");
        try
        {
            // A compiler or build node that stayed behind would hold the pipes open.
            using var build = new Process { StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                ["build", Project, "--nologo", "-v", "quiet", "-clp:NoSummary", "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:BaseIntermediateOutputPath={folder.FullName}/obj/", $"-p:BaseOutputPath={folder.FullName}/bin/"])
                { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
            foreach (var name in build.StartInfo.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                build.StartInfo.Environment.Remove(name);
            }

            build.Start();
            using var late = new CancellationTokenSource(timeout);
            try
            {
                var output = build.StandardOutput.ReadToEndAsync(late.Token);
                var error = build.StandardError.ReadToEndAsync(late.Token);
                await build.WaitForExitAsync(late.Token);
                Output = await output + await error;
            }
            catch (OperationCanceledException ended)
            {
                build.Kill(entireProcessTree: true);
                throw new TimeoutException($"Building the probe took longer than {timeout}.", ended);
            }

            ExitCode = build.ExitCode;
            Errors = [.. ErrorLine().Matches(Output).Select(m => new BuildError(Path.GetRelativePath(Project, m.Groups["file"].Value).Replace('\\', '/'), int.Parse(m.Groups["line"].ValueSpan), m.Groups["code"].Value, m.Groups["text"].Value)).Distinct()];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BannedSymbols.txt")) || !File.Exists(Path.Combine(folder.FullName, "AgentFunctions.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has AgentFunctions.sln. Run the tests from the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\s*(?<file>[^\r\n(]+)\((?<line>\d+),\d+\): error (?<code>\w+): (?<text>[^\r\n]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ErrorLine();
}

/// <summary>An error of a build.</summary>
/// <param name="File">Its file, relative to the project.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Code">Its code: <c>RS0030</c>.</param>
/// <param name="Text">Its message.</param>
public sealed record BuildError(string File, int Line, string Code, string Text);
