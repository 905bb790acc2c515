using AgentFunctions.Core.Models;

namespace AgentFunctions.Local;

/// <summary>Environment variables that look like the host's, and mean nothing to it: one letter wrong in AGENTFUNCTIONS_LIMITS_FAST, and there is no limit.</summary>
internal static partial class EnvironmentNames
{
    private const string Separator = "__";

    /// <summary>What ASP.NET Core reads.</summary>
    private static readonly string[] Foreign = ["Logging", "Kestrel"];

    /// <summary>Says of each variable that has no effect that it has none, where whoever starts the host sees it.</summary>
    /// <param name="names">The names of all environment variables.</param>
    /// <param name="sections">The sections that the host reads.</param>
    /// <param name="logger">Where to say it.</param>
    public static void WarnOfUnknown(IEnumerable<string> names, IReadOnlyCollection<string> sections, ILogger logger)
    {
        foreach (var name in Unknown(names, sections)) LogUnknown(logger, name, string.Join(", ", ModelEnvironment.Names.Concat(sections.Select(section => $"{LocalHostFactory.EnvironmentPrefix}{section}{Separator}…"))));
    }

    /// <summary>The names with the host's prefix that are neither a variable of the models nor a setting in a section.</summary>
    /// <param name="names">The names of all environment variables.</param>
    /// <param name="sections">The sections that the host reads.</param>
    public static IEnumerable<string> Unknown(IEnumerable<string> names, IReadOnlyCollection<string> sections) => names
        .Where(name => name.StartsWith(LocalHostFactory.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) && !IsOfModels(name) && !IsIn(name, sections) && !IsIn(name, Foreign))
        .Order(StringComparer.Ordinal);

    private static bool IsOfModels(string name) => ModelEnvironment.Names.Contains(name, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private static bool IsIn(string name, IEnumerable<string> sections) => sections.Any(section => name.StartsWith($"{LocalHostFactory.EnvironmentPrefix}{section}{Separator}", StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The environment variable {Name} is no setting and has no effect. There are {Names}.")]
    private static partial void LogUnknown(ILogger logger, string name, string names);
}
