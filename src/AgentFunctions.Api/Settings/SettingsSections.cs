using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Api.Settings;

/// <summary>A section that the host reads.</summary>
/// <param name="Path">Its path in the configuration.</param>
public sealed record KnownSection(string Path);

/// <summary>Reads options from sections of the configuration. A name that is no setting, or a value of another kind, stops the host: ignored, it would be a limit or a budget that does not hold.</summary>
public static class SettingsSections
{
    /// <summary>Binds options to a section, and has them checked when the host starts.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">The section's path.</param>
    /// <param name="besides">What else may be in the section, for others to read. Default: nothing.</param>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, IConfiguration configuration, string section, params IReadOnlyList<string> besides)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton(new KnownSection(section));
        services.AddOptions<TOptions>().Configure(options => BindTo(configuration.GetSection(section), options, besides)).ValidateOnStart();
        return services;
    }

    /// <summary>Reads options from a section.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">The section's path.</param>
    /// <exception cref="OptionsValidationException">There is a name that is no setting, or a value of another kind.</exception>
    public static TOptions ReadSettings<TOptions>(this IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new TOptions();
        BindTo(configuration.GetSection(section), options, []);
        return options;
    }

    private static void BindTo<TOptions>(IConfigurationSection section, TOptions options, IReadOnlyList<string> besides)
        where TOptions : class
    {
        string[] unknown = [.. SettingNames.Unknown(section, typeof(TOptions), besides)];
        if (unknown.Length > 0) throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), unknown);
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException wrong)
        {
            // It names the setting, its value and the kind that it should be of.
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), [wrong.Message]);
        }
    }
}
