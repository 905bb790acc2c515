using System.Runtime.CompilerServices;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

/// <summary>A test of a server that npm brings: skipped, with the reason, only where Node.js or npm is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
    {
        _ = (file, line);
        if (NpmPackages.Missing is { } program) Skip = $"'{program}' is not installed, so the reference MCP server can't be run. Install Node.js 20 or later.";
    }
}
