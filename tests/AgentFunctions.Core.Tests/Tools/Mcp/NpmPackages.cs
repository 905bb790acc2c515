using System.Diagnostics;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

/// <summary>The packages of tests/npm, at the versions that its lock file fixes; npm installs them when they are not there.</summary>
internal static class NpmPackages
{
    private static readonly SemaphoreSlim installing = new(1);

    /// <summary>The program that is missing, or null.</summary>
    public static string? Missing { get; } = Array.Find(["node", "npm"], program => Find(program) is null);

    /// <summary>The script of the reference server that has one of everything.</summary>
    public static async Task<string> EverythingAsync() => Path.Combine(await FolderAsync(), "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    private static async Task<string> FolderAsync()
    {
        await installing.WaitAsync();
        try
        {
            return await InstallAsync();
        }
        finally
        {
            installing.Release();
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(path => (string[])[Path.Combine(path, program), Path.Combine(path, program + ".exe"), Path.Combine(path, program + ".cmd")])
        .FirstOrDefault(File.Exists);

    private static async Task<string> InstallAsync()
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "AgentFunctions.sln"))) root = Path.GetDirectoryName(root);
        var packages = Path.Combine(root ?? throw new DirectoryNotFoundException("AgentFunctions.sln is in no folder above the tests."), "tests", "npm");
        if (File.Exists(Path.Combine(packages, "node_modules", ".package-lock.json"))) return packages;
        using var npm = Process.Start(new ProcessStartInfo(Find("npm")!, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) { UseShellExecute = false, WorkingDirectory = packages, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.True(npm.ExitCode == 0, $"npm ci in {packages} ended with {npm.ExitCode}: {errors} {await output}");
        return packages;
    }
}
