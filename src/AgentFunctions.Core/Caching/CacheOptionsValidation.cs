using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Caching;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class CacheOptionsValidation : IValidateOptions<CacheOptions>
{
    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        Bytes(nameof(options.MemoryBytes), options.MemoryBytes, 1L << 20, 64L << 30);
        Bytes(nameof(options.MostValueBytes), options.MostValueBytes, 1 << 10, 64 << 20);
        Time(nameof(options.InvalidationLease), options.InvalidationLease, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
        Time(nameof(options.StoreTimeout), options.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        foreach (var kind in Enum.GetValues<CacheKind>())
        {
            if (options.Of(kind) is not { } lifetimes)
            {
                failures.Add($"{CacheOptions.Section}:{kind} is empty. Set its Ttl, StaleFor or NegativeFor, or leave it out.");
                continue;
            }

            Time($"{kind}:{nameof(lifetimes.Ttl)}", lifetimes.Ttl, CacheSettingsRules.ShortestTtl, CacheSettingsRules.LongestTtl);
            Time($"{kind}:{nameof(lifetimes.StaleFor)}", lifetimes.StaleFor, TimeSpan.Zero, TimeSpan.FromDays(30));
            Time($"{kind}:{nameof(lifetimes.NegativeFor)}", lifetimes.NegativeFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        }

        if (options.Semantic is null) failures.Add($"{CacheOptions.Section}:{nameof(options.Semantic)} is empty. Set its Enabled, or leave it out.");
        else failures.AddRange(options.Semantic.Errors());
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Bytes(string setting, long value, long least, long most)
        {
            if (value < least || value > most) failures.Add($"{CacheOptions.Section}:{setting} is {value}. Set it from {least} to {most} bytes.");
        }

        void Time(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) failures.Add($"{CacheOptions.Section}:{setting} is {value}. Set it from {least} to {most}.");
        }
    }
}
