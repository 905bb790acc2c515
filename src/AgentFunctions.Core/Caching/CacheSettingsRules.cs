using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching;

/// <summary>What settings of callers must be like, and what becomes of them when something is asked again. Pure.</summary>
public static class CacheSettingsRules
{
    /// <summary>The longest version of a prompt, in characters: 100.</summary>
    public const int LongestPromptVersion = 100;

    /// <summary>The shortest time that an answer may be kept: 1 s.</summary>
    public static TimeSpan ShortestTtl { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that an answer may be kept: 365 days.</summary>
    public static TimeSpan LongestTtl { get; } = TimeSpan.FromDays(365);

    /// <summary>What is wrong with settings, each with the property's name as JSON has it. Nothing where there are none.</summary>
    /// <param name="settings">The settings.</param>
    public static IEnumerable<(string Property, string Message)> Faults(CacheSettings? settings)
    {
        if (settings is null) yield break;
        if (!Enum.IsDefined(settings.Mode)) yield return ("mode", $"The mode is {(int)settings.Mode}. Set it to Use, Refresh, Off or Only.");
        if (settings.Ttl < ShortestTtl || settings.Ttl > LongestTtl) yield return ("ttl", $"ttl is {settings.Ttl}. It must be 1 second (00:00:01) to 365 days (365.00:00:00).");
        if (settings.PromptVersion is { Length: 0 or > LongestPromptVersion }) yield return ("promptVersion", $"promptVersion has {settings.PromptVersion.Length} characters. Give it 1 to {LongestPromptVersion}, or leave it out.");
        if (settings.Tags is null)
        {
            yield return ("tags", "tags is null. Leave it out for none.");
            yield break;
        }

        if (settings.Tags.Count > CacheSettings.MostTags) yield return ("tags", $"There are {settings.Tags.Count} tags. Give at most {CacheSettings.MostTags}.");
        for (var i = 0; i < Math.Min(settings.Tags.Count, CacheSettings.MostTags); i++)
        {
            if (settings.Tags[i] is not { Length: > 0 and <= CacheSettings.LongestTag } tag || string.IsNullOrWhiteSpace(tag)) yield return ($"tags[{i}]", $"The tag '{settings.Tags[i]}' has {settings.Tags[i]?.Length ?? 0} characters. Give it 1 to {CacheSettings.LongestTag}, not only white space.");
        }
    }

    /// <summary>Adds what is wrong with settings to an input's errors.</summary>
    /// <param name="settings">The settings; null is right.</param>
    /// <param name="path">Their JSON path: <c>cache</c>, <c>calls[2].cache</c>.</param>
    /// <param name="errors">Where the errors go.</param>
    public static void Check(CacheSettings? settings, string path, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var (property, message) in Faults(settings)) errors.AddIf(true, $"{path}.{property}", message);
    }

    /// <summary>Refuses settings that can't work.</summary>
    /// <param name="settings">The settings; null is right.</param>
    /// <exception cref="PermanentFailureException">They can't.</exception>
    public static void ThrowIfWrong(CacheSettings? settings)
    {
        var faults = Faults(settings).ToList();
        if (faults.Count > 0) throw new PermanentFailureException(string.Join(' ', faults.Select(fault => $"cache.{fault.Property}: {fault.Message}")));
    }

    /// <summary>The settings to ask again with, because the last answer would not do: it is made anew and kept. Where the cache is not to be used, or nothing else is, that stays.</summary>
    /// <param name="settings">What was asked with; null for the defaults.</param>
    public static CacheSettings Anew(this CacheSettings? settings)
    {
        var asked = settings ?? new();
        return asked.Mode == CacheMode.Use ? asked with { Mode = CacheMode.Refresh } : asked;
    }
}
