using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentFunctions.App.Durable;

/// <summary>How many activities the Functions host hands a worker at once: what host.json says, which the worker itself can't see.</summary>
internal static class WorkerSlots
{
    /// <summary>The setting to change it by, where host.json was changed.</summary>
    public const string Setting = "Load:ActivitySlots";

    /// <summary>The setting by which Azure overrides host.json's own value; the worker sees it too.</summary>
    public const string HostSetting = "AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions";

    /// <summary>host.json's <c>maxConcurrentActivityFunctions</c>.</summary>
    public const int Default = 64;

    /// <summary>The most that may be set.</summary>
    public const int Most = 100_000;

    /// <summary>The number.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <exception cref="InvalidOperationException">The setting is no number, or out of range.</exception>
    public static int Read(IConfiguration configuration)
    {
        foreach (var name in (string[])[Setting, HostSetting])
        {
            if (configuration[name] is not { Length: > 0 } text) continue;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots) && slots is >= 1 and <= Most
                ? slots
                : throw new InvalidOperationException($"The setting {name} is '{text}'. It must be a whole number, 1 to {Most}: how many activities one worker runs at once.");
        }

        return Default;
    }
}
