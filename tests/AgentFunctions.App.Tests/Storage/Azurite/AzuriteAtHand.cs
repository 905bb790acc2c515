using System.Diagnostics;

namespace AgentFunctions.App.Tests.Storage.Azurite;

/// <summary>Whether Azurite can be had here: one that runs (AZURITE_CONNECTION), a command (AZURITE_COMMAND), or npm's package where npx finds it.</summary>
internal static class AzuriteAtHand
{
    private static readonly Lazy<(string? Command, string[] Arguments)> Found = new(Find);

    /// <summary>The connection string of one that runs, or null.</summary>
    public static string? Connection => Setting("AZURITE_CONNECTION");

    /// <summary>What starts one, or null.</summary>
    public static string? Command => Found.Value.Command;

    /// <summary>The command's first arguments.</summary>
    public static string[] Arguments => Found.Value.Arguments;

    /// <summary>Why tests against it are skipped, or null where they run.</summary>
    public static string? WhyNot => Connection is not null || Command is not null ? null
        : "Azurite is missing: run 'npm install -g azurite', or set AZURITE_COMMAND to its command or AZURITE_CONNECTION to one that runs.";

    private static (string? Command, string[] Arguments) Find()
    {
        if (Setting("AZURITE_COMMAND") is { } command)
        {
            return (command, []);
        }

        // On Windows npx is a script, which only its shell starts.
        (string Command, string[] Arguments) npx = OperatingSystem.IsWindows() ? ("cmd", ["/c", "npx", "--no-install", "azurite"]) : ("npx", ["--no-install", "azurite"]);
        return Answers(npx.Command, [.. npx.Arguments, "--version"]) ? npx : (null, []);
    }

    private static bool Answers(string command, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            if (process.WaitForExit(TimeSpan.FromSeconds(20)))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npx.
            return false;
        }
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
