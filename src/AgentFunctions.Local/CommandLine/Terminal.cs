using Spectre.Console;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Where commands read and write.</summary>
/// <param name="In">Standard input.</param>
/// <param name="Out">Standard output: results, progress, timelines.</param>
/// <param name="Error">Standard error: what went wrong, and logs.</param>
/// <param name="Console">Tables and colours, over <paramref name="Out"/>.</param>
/// <param name="Live">True when a person sees lines being redrawn; false when the output goes to a file or a pipe.</param>
/// <param name="Program">What to type to run this program again.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, IAnsiConsole Console, bool Live, string Program)
{
    /// <summary>How wide tables and texts are where there is no window to measure, in characters.</summary>
    public const int RedirectedWidth = 120;

    /// <summary>This process's own.</summary>
    public static Terminal ForThisProcess()
    {
        var redirected = System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(System.Console.Out),
        });
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        var live = !redirected && console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi;
        return new Terminal(System.Console.In, System.Console.Out, System.Console.Error, console, live, ShellCommand.ThisProgram());
    }
}
