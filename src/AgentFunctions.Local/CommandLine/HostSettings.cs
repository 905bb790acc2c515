using System.CommandLine;

namespace AgentFunctions.Local.CommandLine;

/// <summary>The options that commands which start a host have in common.</summary>
internal sealed class HostSettings
{
    private readonly Option<string> data = new("--data")
    {
        Description = "Where runs are kept, so that they outlive this process.",
        HelpName = "DIR",
        DefaultValueFactory = _ => LocalHostOptions.DefaultDataDirectory,
    };

    private readonly Option<int?> maxActivities = NumberOption.Create("--max-activities", "N", "How many activities run at the same time. [default: 256]", LocalHostOptions.FewestActivities, LocalHostOptions.MostActivities);

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(maxActivities);
    }

    /// <summary>Whether the folder was named on the command line.</summary>
    /// <param name="parsed">The command line.</param>
    public bool NamesData(ParseResult parsed) => parsed.GetResult(data) is { Implicit: false };

    /// <summary>What was set.</summary>
    /// <param name="parsed">The command line.</param>
    public LocalHostOptions Read(ParseResult parsed)
    {
        var defaults = new LocalHostOptions { DataDirectory = parsed.GetRequiredValue(data) };
        return parsed.GetValue(maxActivities) is { } number ? defaults with { MaxActivities = number } : defaults;
    }

    /// <summary>Settings that a host may be started with.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="UsageException">One of them is out of its range.</exception>
    public static LocalHostOptions Checked(LocalHostOptions options) => options.Errors() is { Count: > 0 } errors ? throw new UsageException(string.Join(' ', errors)) : options;
}
