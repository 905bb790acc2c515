namespace AgentFunctions.Local.CommandLine;

/// <summary>Writes commands that can be pasted into a shell.</summary>
internal static class ShellCommand
{
    /// <summary>What starts this program: its own executable, or <c>dotnet</c> and its assembly.</summary>
    public static string ThisProgram()
    {
        var process = Environment.ProcessPath ?? "dotnet";
        return string.Equals(Path.GetFileNameWithoutExtension(process), "dotnet", StringComparison.OrdinalIgnoreCase)
            ? $"dotnet {Quote(Path.GetFullPath(Environment.GetCommandLineArgs()[0]))}"
            : Quote(process);
    }

    /// <summary>The command that continues a run.</summary>
    /// <param name="program">What starts this program.</param>
    /// <param name="instanceId">The run.</param>
    /// <param name="dataDirectory">Its folder; written as a full path, so that the command works from anywhere.</param>
    public static string Resume(string program, string instanceId, string dataDirectory) =>
        $"{program} run --resume {Quote(instanceId)} --data {Quote(Path.GetFullPath(dataDirectory))}";

    /// <summary>A word as the shell must see it: POSIX single quotes, or double quotes on Windows.</summary>
    /// <param name="word">The word.</param>
    public static string Quote(string word) => Quote(word, OperatingSystem.IsWindows());

    internal static string Quote(string word, bool windows) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or ',' or '=' or '@' or '+' || (windows && c is '\\')) ? word
        : windows ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
