namespace AgentFunctions.Testing;

/// <summary>The packages of tests/npm, at the versions that its lock file fixes.</summary>
public static class NpmPackages
{
    private static readonly string? folder = Folder();

    /// <summary>Why they can't be used, or null.</summary>
    public static string? Missing { get; } =
        !IsOnPath("node") ? "Node.js is not installed, so the reference MCP server can't be run. Install Node.js 20 or later."
        : folder is null || !File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")) ? "The reference MCP server is not installed. Run 'npm ci --prefix tests/npm --ignore-scripts'."
        : null;

    /// <summary>The script of the reference server that has one of everything.</summary>
    public static string Everything => Path.Combine(folder ?? throw new DirectoryNotFoundException("tests/npm is in no folder above the tests."), "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    private static string? Folder()
    {
        for (var root = AppContext.BaseDirectory; root is not null; root = Path.GetDirectoryName(root))
        {
            if (File.Exists(Path.Combine(root, "AgentFunctions.sln"))) return Path.Combine(root, "tests", "npm");
        }

        return null;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(path => File.Exists(Path.Combine(path, program)) || File.Exists(Path.Combine(path, program + ".exe")));
}
