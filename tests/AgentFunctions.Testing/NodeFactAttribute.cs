using System.Runtime.CompilerServices;
using Xunit;

namespace AgentFunctions.Testing;

/// <summary>A test of a server that npm brings: skipped, with the reason, where Node.js or the packages of tests/npm are not installed. CI installs them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
    {
        _ = (file, line);
        if (NpmPackages.Missing is { } reason) Skip = reason;
    }
}
