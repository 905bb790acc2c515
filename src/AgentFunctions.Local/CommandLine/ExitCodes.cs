namespace AgentFunctions.Local.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>The run completed, or the server was stopped.</summary>
    public const int Ok = 0;

    /// <summary>The run failed or was terminated, or the host could not start.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the input was wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line or the input is wrong. The message says what, and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
